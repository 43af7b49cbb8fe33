// A node's boots: the timeline of one, and what it left when it failed.
import { bytes, fill, make, moment, seconds, short } from "./elements.js";

export const outcomes = {
  open: "booting",
  ready: "ready",
  failed: "failed",
  silent: "silent",
  superseded: "began anew",
};

/** How a boot stands, in a sentence. */
export function standing(boot) {
  switch (boot.outcome) {
    case "open":
      return `under way, after ${boot.stage}; should be ready by ${moment(boot.deadline)}`;
    case "ready":
      return `ready after ${seconds((new Date(boot.ended) - new Date(boot.started)) / 1000)}`;
    case "failed":
      return `failed after ${boot.stage}`;
    case "silent":
      return `silent: nothing was heard after ${boot.stage}`;
    default:
      return `the node began anew after ${boot.stage}`;
  }
}

/** Shows a boot's log: { boot, moments }. */
export function showLog(place, { boot, moments }) {
  fill(place, JSON.stringify([boot, moments]), () => {
    const steps = moments.filter(({ kind }) => kind === "stage" || kind === "mark" || kind === "note");
    const lines = (kind) => moments.filter((one) => one.kind === kind).map(({ name }) => name);
    const failure = lines("fail");
    return [
      make("p", {}, `${boot.image} ${short(boot.digest)}: ${boot.reason}`),
      make("p", { className: `state ${boot.outcome}` }, standing(boot)),
      failure.length > 0 ? make("h4", {}, "The screen of the machine") : null,
      failure.length > 0 ? screen(failure, "screen") : null,
      make("h4", {}, "Timeline"),
      timeline(boot, steps),
      rest("The last lines of the kernel", lines("kernel"), failure.length > 0),
      rest("The last lines of /init", lines("log"), false),
    ].filter((part) => part !== null);
  });
}

function timeline(boot, steps) {
  const start = new Date(boot.started);
  const times = steps.map(({ at }) => (new Date(at) - start) / 1000);
  const first = Math.min(0, ...times);
  const whole = Math.max(0.001, ...times) - first;
  let before = first;
  return make(
    "ol",
    { className: "timeline" },
    ...steps.map(({ kind, name, bytes: count, clock }, place) => {
      const bar = make("span", { className: "bar", "aria-hidden": "true" }, make("span"));
      bar.firstChild.style.marginLeft = `${((before - first) / whole) * 100}%`;
      bar.firstChild.style.width = `${(Math.max(0, times[place] - before) / whole) * 100}%`;
      before = Math.max(before, times[place]);
      // What DHCP offered stands behind the stage's name.
      const [, stage, offered] = kind === "stage" ? /^(\S+)\s*(.*)$/.exec(name) ?? [] : [];
      return make(
        "li",
        { className: offered ? "offer" : kind },
        make("span", { className: "time" }, `${times[place] < 0 ? "−" : "+"}${seconds(Math.abs(times[place]))}`),
        make("span", { className: "name" }, stage ?? name),
        bar,
        make(
          "span",
          { className: "amount" },
          [offered, count ? bytes(count) : "", clock ? `kernel ${seconds(clock)}` : ""].filter((text) => text).join(", "),
        ),
      );
    }),
  );
}

const screen = (lines, name) => make("pre", { className: name, tabIndex: 0 }, lines.join("\n"));

function rest(title, lines, open) {
  return lines.length === 0 ? null : make("details", { open }, make("summary", {}, title), screen(lines, "lines"));
}
