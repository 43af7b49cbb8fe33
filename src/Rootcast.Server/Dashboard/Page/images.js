// The images that are served, and which nodes they are assigned to.
import { assign, rollback } from "./changes.js";
import { at, fill, make, moment, short, version } from "./elements.js";
import { known } from "./known.js";
import { open } from "./panel.js";

export function drawImages() {
  const { images, reports } = known;
  at("no-images").hidden = images.length > 0;
  at("image-table").hidden = images.length === 0;
  const measured = (digest) => reports.filter((report) => report.digest === digest);
  fill(at("image-table").tBodies[0], JSON.stringify([images, reports]), () =>
    images.map((image) =>
      make(
        "tr",
        {},
        make("td", {}, image.name),
        make("td", { "data-name": "Version" }, make("code", { title: image.digest }, short(image.digest))),
        make("td", { "data-name": "Assigned to" }, image.assignedTo.join(", ")),
        make(
          "td",
          { "data-name": "Nodes" },
          ...(image.nodes.length > 8
            ? [`${image.nodes.length} nodes`]
            : image.nodes.flatMap((id) => [make("button", { type: "button", className: "link", onclick: () => open(id) }, id), " "])),
        ),
        make(
          "td",
          { "data-name": "Measured" },
          ...measured(image.digest).flatMap((report) => [
            make("a", { href: `dashboard/reports/${encodeURIComponent(report.name)}`, target: "_blank", rel: "noopener" }, report.title),
            " ",
          ]),
        ),
        make("td", {}, make("button", { type: "button", onclick: () => assign("", image) }, "Assign …")),
      ),
    ),
  );
}

export function drawAssignments() {
  const { assignments } = known;
  at("no-assignments").hidden = assignments.length > 0;
  at("assignment-table").hidden = assignments.length === 0;
  fill(at("assignment-table").tBodies[0], JSON.stringify(assignments), () =>
    assignments.map((one) =>
      make(
        "tr",
        {},
        make("td", {}, one.pattern === "*" ? "* (all)" : one.pattern),
        make("td", { "data-name": "Image" }, ...version(one.image, one.digest)),
        make("td", { "data-name": "Since" }, moment(one.since)),
        make("td", {}, make("button", { type: "button", "data-rollback": one.pattern, onclick: () => rollback(one.pattern) }, "Roll back …")),
      ),
    ),
  );
}
