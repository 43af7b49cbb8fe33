// The list of nodes: how many are in each state, a search, and a row each.
import { standing } from "./boots.js";
import { draw } from "./drawing.js";
import { at, fill, make, say, version } from "./elements.js";
import { counts, known, labelsOf, stateOf, states, stateText } from "./known.js";
import { isOpen, open } from "./panel.js";

const rowsShown = 300;
const rows = new Map();
let shownState = "";
let allRows = false;

at("search").addEventListener("input", draw);
at("more").addEventListener("click", () => {
  allRows = true;
  draw();
});

export function drawStates() {
  const found = counts();
  fill(at("states"), JSON.stringify([found, shownState]), () => {
    const focused = document.activeElement?.dataset?.state;
    const buttons = Object.entries(states)
      .filter(([state]) => found[state] > 0 || state === shownState)
      .map(([state, text]) =>
        make(
          "button",
          {
            type: "button",
            "data-state": state,
            "aria-pressed": String(shownState === state),
            onclick: () => {
              shownState = shownState === state ? "" : state;
              draw();
            },
          },
          `${found[state]} ${text}`,
        ),
      );
    queueMicrotask(() => focused && document.querySelector(`[data-state="${focused}"]`)?.focus());
    return buttons;
  });
}

export function drawNodes() {
  const wanted = at("search").value.trim().toLowerCase();
  const matches = [...known.nodes.values()].filter(
    (node) => (!shownState || stateOf(node) === shownState) && (!wanted || wordsOf(node).includes(wanted)),
  );
  matches.sort((one, other) => (one.id < other.id ? -1 : 1));
  const shown = allRows ? matches : matches.slice(0, rowsShown);
  const body = at("node-table").tBodies[0];
  const kept = new Set(shown.map(({ id }) => id));
  for (const [id, row] of rows) {
    if (!kept.has(id)) {
      row.element.remove();
      rows.delete(id);
    }
  }
  let next = body.firstElementChild;
  for (const node of shown) {
    const row = rows.get(node.id) ?? rowOf(node.id);
    updateRow(row, node);
    if (row.element === next) next = next.nextElementSibling;
    else body.insertBefore(row.element, next);
  }
  at("no-nodes").hidden = known.nodes.size > 0;
  at("node-table").hidden = known.nodes.size === 0;
  at("more").hidden = shown.length === matches.length;
  say(at("more"), `Show all ${matches.length}`);
}

const wordsOf = (node) =>
  [node.id, node.hostname, node.address, ...node.keys.map(({ value }) => value), ...labelsOf(node), node.lastBoot?.image]
    .join(" ")
    .toLowerCase();

function rowOf(id) {
  const button = make("button", { type: "button", className: "link", onclick: () => open(id) }, id);
  const cells = Object.fromEntries(["state", "name", "labels", "image", "stage", "address"].map((name) => [name, make("td")]));
  const name = make("span");
  cells.name.append(button, " ", name);
  cells.labels.dataset.name = "Labels";
  cells.image.dataset.name = "Image";
  cells.stage.dataset.name = "How far";
  cells.address.dataset.name = "Address";
  const row = { element: make("tr", { "data-node": id }, ...Object.values(cells)), cells, name, key: "" };
  rows.set(id, row);
  return row;
}

function updateRow(row, node) {
  const { element, cells } = row;
  element.setAttribute("aria-current", String(isOpen(node.id)));
  const key = JSON.stringify([node, known.approval]);
  if (row.key === key) return;
  if (row.key) {
    element.classList.remove("changed");
    void element.offsetWidth;
    element.classList.add("changed");
  }
  row.key = key;
  cells.state.className = `state ${stateOf(node)}`;
  say(cells.state, stateText(node));
  say(row.name, node.hostname ?? "");
  say(cells.labels, labelsOf(node).join(" "));
  const boot = node.lastBoot;
  fill(cells.image, boot ? boot.digest + boot.image : "", () => (boot ? version(boot.image, boot.digest) : []));
  say(cells.stage, boot ? standing(boot) : "");
  say(cells.address, node.address);
}
