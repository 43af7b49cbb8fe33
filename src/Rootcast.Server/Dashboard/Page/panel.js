// One node: what it is, its boots, and what can be done with it.
import { outcomes, showLog, standing } from "./boots.js";
import { approve, assign, forget, label, rollback } from "./changes.js";
import { draw } from "./drawing.js";
import { at, fill, make, moment, say, short } from "./elements.js";
import { known, labelsOf, stateOf } from "./known.js";
import { failed } from "./notices.js";
import * as server from "./server.js";

let opened = null;
let chosenBoot = null;
let panel = null;

export const isOpen = (id) => opened === id;

export function open(id) {
  opened = id;
  chosenBoot = null;
  history.replaceState(null, "", `#node=${encodeURIComponent(id)}`);
  const title = make("h2", { id: "node-title", tabIndex: -1 }, id);
  panel = {
    state: make("p", { className: "state" }),
    facts: make("dl", { className: "facts" }),
    approve: action("Approve …", () => approve(id)),
    boots: make("select", {
      onchange: (event) => {
        chosenBoot = event.target.value;
        loadNode();
      },
    }),
    log: make("div", { id: "log" }),
    node: null,
  };
  at("node").replaceChildren(
    make("div", { className: "head" }, title, action("Close", close)),
    panel.state,
    panel.facts,
    make(
      "div",
      { className: "buttons" },
      panel.approve,
      action("Assign …", () => assign(id)),
      action("Roll back …", () => rollback(id)),
      action("Labels …", () => label(id)),
      action("Forget …", async () => (await forget(id)) && opened === id && close()),
    ),
    make("h3", {}, make("label", {}, "Boot ", panel.boots)),
    panel.log,
  );
  at("node").hidden = false;
  draw();
  loadNode();
  title.focus();
  title.scrollIntoView({ block: "nearest" });
}

const action = (text, act) => make("button", { type: "button", onclick: act }, text);

function close() {
  const row = at("node-table").querySelector(`[data-node="${CSS.escape(opened)}"]`);
  opened = null;
  panel = null;
  at("node").hidden = true;
  history.replaceState(null, "", location.pathname);
  draw();
  (row?.querySelector("button") ?? at("nodes")).focus();
}

/** Asks for the node anew, when it is the one that is shown. */
export function renew(id = opened) {
  if (opened && opened === id) loadNode();
}

let nodeWanted = false;
let nodeLoading = false;

/** The node's boots and the chosen one's log; asked once more when something changed meanwhile. */
async function loadNode() {
  nodeWanted = true;
  if (nodeLoading) return;
  nodeLoading = true;
  while (nodeWanted && known.nodes.has(opened)) {
    // What comes together is asked for once.
    await new Promise((resolve) => setTimeout(resolve, 50));
    nodeWanted = false;
    const id = opened;
    if (!id) break;
    try {
      const node = await server.get(`/nodes/${encodeURIComponent(id)}`);
      const boot = node.boots.find((one) => one.id === chosenBoot) ?? node.boots[0];
      const log = boot ? await server.get(`/boots/${encodeURIComponent(boot.id)}`) : null;
      if (opened === id) {
        panel.node = node;
        panel.shown = log;
        drawPanel();
      }
    } catch (error) {
      if (opened === id && known.nodes.has(id)) failed(error);
    }
  }
  nodeLoading = false;
}

export function drawPanel() {
  if (!opened) return;
  const node = known.nodes.get(opened);
  if (!node) {
    say(panel.state, "This node is forgotten.");
    return;
  }
  panel.state.className = `state ${stateOf(node)}`;
  say(panel.state, stateOf(node) === "waiting" ? "waits until it is approved" : node.lastBoot ? standing(node.lastBoot) : "has not booted yet");
  panel.approve.hidden = node.approved || !known.approval;
  const facts = [
    ["Host name", node.hostname],
    ...node.keys.map(({ kind, value }) => [{ mac: "Hardware address", uuid: "UUID", serial: "Serial number" }[kind] ?? kind, value]),
    ["Labels", labelsOf(node).join(" ")],
    ["Address", node.address],
    ["Last seen", moment(node.seen)],
    ["Assigned", node.assignment ? `${node.assignment.image} ${short(node.assignment.digest)} by ${node.assignment.pattern}` : "nothing"],
    ["Next boot", node.next ? `${node.next.name} ${short(node.next.digest)}, once` : ""],
  ].filter(([, value]) => value);
  fill(panel.facts, JSON.stringify(facts), () => facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  if (!panel.node) return;
  const chosen = panel.shown?.boot.id;
  fill(panel.boots, JSON.stringify([panel.node.boots, chosen]), () =>
    panel.node.boots.map((boot) =>
      make("option", { value: boot.id, selected: boot.id === chosen }, `${moment(boot.started)}, ${boot.image}: ${outcomes[boot.outcome]}`),
    ),
  );
  panel.boots.disabled = panel.node.boots.length === 0;
  if (panel.shown) showLog(panel.log, panel.shown);
}
