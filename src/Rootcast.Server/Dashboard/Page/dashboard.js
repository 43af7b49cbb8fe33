// The dashboard: what the server knows of its nodes, as it happens. It reads and changes by /api/v1; the server says over one stream what is new.
import { outcomes, showLog, standing } from "./boots.js";
import { ask, signIn } from "./dialogs.js";
import { bytes, fill, make, moment, say, short, version } from "./elements.js";
import * as server from "./server.js";

const at = (id) => document.getElementById(id);
const rowsShown = 300;
const nodes = new Map();
const rows = new Map();
let images = [];
let assignments = [];
let reports = [];
let session = { signedIn: false };
let approval = false;
let shownState = "";
let allRows = false;
let opened = null;
let chosenBoot = null;
let loading = null;
/** The node that the address names, until it is shown. */
let named = new URLSearchParams(location.hash.slice(1)).get("node");

// ---- what is known

const states = { failed: "failed", silent: "silent", waiting: "waiting for approval", open: "booting", ready: "ready", other: "other" };

function stateOf(node) {
  if (approval && !node.approved) return "waiting";
  const outcome = node.lastBoot?.outcome;
  return outcome in states ? outcome : "other";
}

function stateText(node) {
  const state = stateOf(node);
  return state === "waiting" ? "waits" : node.lastBoot ? outcomes[node.lastBoot.outcome] : "not booted yet";
}

/** Everything anew: at the beginning, and when changes were missed. What the stream says meanwhile is put behind it. */
async function load() {
  const waiting = [];
  loading = waiting;
  try {
    const [listed, served, assigned] = await Promise.all([server.get("/nodes"), server.get("/images"), server.get("/assignments")]);
    nodes.clear();
    for (const node of listed) nodes.set(node.id, node);
    images = eachOnce(served);
    assignments = assigned;
    reports = await server.reports();
    failed(null);
  } catch (error) {
    failed(error);
  }
  if (loading === waiting) loading = null;
  waiting.forEach((change) => change());
  draw();
  if (named && nodes.has(named)) open(named);
  else if (opened) loadNode();
  named = null;
}

/** Each version once: what is assigned has a name of its own beside the one that people gave it. */
function eachOnce(served) {
  const versions = new Map();
  for (const image of served) {
    if (!versions.has(image.digest) || versions.get(image.digest).name.includes("@")) versions.set(image.digest, image);
  }
  return [...versions.values()];
}

const changed = (change) => (data) => {
  const apply = () => {
    change(data);
    draw();
  };
  if (loading) loading.push(apply);
  else apply();
};

function take(node) {
  const before = nodes.get(node.id);
  nodes.set(node.id, node);
  const state = stateText(node);
  if (!before) announce(`${node.id} is new: ${state}`);
  else if (stateText(before) !== state) announce(`${node.id}: ${state}`);
  if (opened === node.id) loadNode();
}

// ---- saying it aloud: at most one sentence in a while, in a storm how many

let spoken = [];
let speaking = null;

function announce(text) {
  spoken.push(text);
  speaking ??= setTimeout(() => {
    say(at("spoken"), spoken.length > 3 ? `${spoken.length} changes: ${countsText()}` : spoken.join("; "));
    spoken = [];
    speaking = null;
  }, 1500);
}

function counts() {
  const found = Object.fromEntries(Object.keys(states).map((state) => [state, 0]));
  for (const node of nodes.values()) found[stateOf(node)]++;
  return found;
}

const countsText = () =>
  Object.entries(counts())
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${states[state]}`)
    .join(", ");

function failed(error) {
  at("failure").hidden = !error;
  say(at("failure"), error ? error.message : "");
}

// ---- drawing, once for all changes of a moment

let drawing = false;

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawStates();
    drawNodes();
    drawImages();
    drawAssignments();
    if (opened) drawNode();
    at("sign").textContent = session.signedIn ? "Sign out" : "Sign in";
    document.documentElement.dataset.drawn = String(nodes.size);
  });
}

function drawStates() {
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

function drawNodes() {
  const wanted = at("search").value.trim().toLowerCase();
  const matches = [...nodes.values()].filter(
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
  at("no-nodes").hidden = nodes.size > 0;
  at("node-table").hidden = nodes.size === 0;
  at("more").hidden = shown.length === matches.length;
  say(at("more"), `Show all ${matches.length}`);
}

const wordsOf = (node) =>
  [node.id, node.hostname, node.address, ...node.keys.map(({ value }) => value), ...labelsOf(node), node.lastBoot?.image]
    .join(" ")
    .toLowerCase();

const labelsOf = (node) => Object.entries(node.labels).map(([name, value]) => `${name}=${value}`);

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
  element.setAttribute("aria-current", String(opened === node.id));
  const key = JSON.stringify([node, approval]);
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

function drawImages() {
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

function drawAssignments() {
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

// ---- one node

let panel = null;

function open(id) {
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
      action("Forget …", () => forget(id)),
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
  const row = rows.get(opened);
  opened = null;
  panel = null;
  at("node").hidden = true;
  history.replaceState(null, "", location.pathname);
  draw();
  (row?.element.querySelector("button") ?? at("nodes")).focus();
}

let nodeWanted = false;
let nodeLoading = false;

/** The node's boots and the chosen one's log; asked once more when something changed meanwhile. */
async function loadNode() {
  nodeWanted = true;
  if (nodeLoading) return;
  nodeLoading = true;
  while (nodeWanted && nodes.has(opened)) {
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
        drawNode();
      }
    } catch (error) {
      if (opened === id && nodes.has(id)) failed(error);
    }
  }
  nodeLoading = false;
}

function drawNode() {
  const node = nodes.get(opened);
  if (!node) {
    say(panel.state, "This node is forgotten.");
    return;
  }
  panel.state.className = `state ${stateOf(node)}`;
  say(panel.state, stateOf(node) === "waiting" ? "waits until it is approved" : node.lastBoot ? standing(node.lastBoot) : "has not booted yet");
  panel.approve.hidden = node.approved || !approval;
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

// ---- changing something

/** Asks who it is when nobody is signed in yet, then asks and does it. */
async function change(question) {
  if (!session.signedIn) {
    session = await signIn(session);
    draw();
    if (!session.signedIn) return false;
  }
  const done = await ask({
    ...question,
    act: async (values) => {
      try {
        await question.act(values);
      } catch (error) {
        if (error instanceof server.NotSignedIn) {
          session = { ...session, signedIn: false };
          draw();
        }
        throw error;
      }
    },
  });
  if (done) await load();
  return done;
}

const assign = (target, image) =>
  change({
    title: "Assign an image",
    text: ["What boots now finishes with what it began; the next boot gets this version."],
    fields: [
      { name: "target", label: "To which nodes", value: target, hint: "A node, labels such as rack=3 or rack=3,role=web, or * for all" },
      {
        name: "image",
        label: "Image",
        value: image?.digest ?? images[0]?.digest,
        options: images.map(({ name, digest }) => [digest, `${name} ${short(digest)}`]),
      },
    ],
    action: "Assign",
    act: async (values) => {
      const held = await server.ask("POST", "/assignments", { target: values.target.trim(), image: values.image });
      announce(`${held.pattern} is assigned ${held.image} ${short(held.digest)}`);
    },
  });

const rollback = (target) =>
  change({
    title: `Roll back ${target}`,
    text: ["What was assigned to it last is taken back, and what was assigned before holds again."],
    action: "Roll back",
    act: async () => {
      const { withdrawn, now } = await server.ask("POST", "/rollback", { target });
      announce(`${withdrawn.pattern} is rolled back from ${withdrawn.image} to ${now ? `${now.image} ${short(now.digest)}` : "what is assigned to more nodes"}`);
    },
  });

const approve = (id) =>
  change({
    title: `Approve ${id}`,
    text: ["It boots when it asks again, within ten seconds."],
    action: "Approve",
    act: () => server.ask("POST", `/nodes/${encodeURIComponent(id)}/approve`),
  });

const label = (id) =>
  change({
    title: `Labels of ${id}`,
    fields: [{ name: "labels", label: "Labels", value: labelsOf(nodes.get(id)).join(" "), hint: "NAME=VALUE, with spaces between them" }],
    action: "Set",
    act: ({ labels }) => {
      const set = {};
      for (const word of labels.split(/\s+/).filter((text) => text)) {
        const equals = word.indexOf("=");
        set[equals < 0 ? word : word.slice(0, equals)] = equals < 0 ? "" : word.slice(equals + 1);
      }
      const remove = Object.keys(nodes.get(id)?.labels ?? {}).filter((name) => !(name in set));
      return server.ask("PATCH", `/nodes/${encodeURIComponent(id)}/labels`, { set, remove });
    },
  });

const forget = async (id) => {
  const done = await change({
    title: `Forget ${id}`,
    text: ["The node, its boots and what is assigned to it alone are gone. When it boots again it is a new one."],
    action: "Forget",
    act: () => server.ask("DELETE", `/nodes/${encodeURIComponent(id)}`),
  });
  if (done && opened === id) close();
};

// ---- beginning

at("sign").addEventListener("click", async () => {
  if (session.signedIn) await server.signOut();
  else session = await signIn(session);
  session = await server.session();
  draw();
});
at("assign").addEventListener("click", () => assign("*"));
at("search").addEventListener("input", draw);
at("more").addEventListener("click", () => {
  allRows = true;
  draw();
});

function showStorm(storm) {
  const figures = [
    ["Sent", `${bytes(storm.bytesPerSecond)}/s`],
    ["Downloads", `${storm.running} of ${storm.places}`],
    ["Waiting for their turn", storm.waiting],
  ];
  const place = at("storm");
  if (place.childElementCount === 0) {
    place.append(...figures.map(([name]) => make("div", {}, make("dt", {}, name), make("dd"))));
  }
  figures.forEach(([, value], i) => say(place.children[i].lastChild, String(value)));
}

try {
  session = await server.session();
} catch (error) {
  failed(error);
}
server.listen(
  {
    hello: (hello) => {
      approval = hello.mustBeApproved;
      if (!hello.resumed) load();
    },
    reset: () => load(),
    node: changed(take),
    gone: changed(({ id }) => {
      if (nodes.delete(id)) announce(`${id} is forgotten`);
    }),
    boot: ({ id }) => opened === id && loadNode(),
    images: changed((served) => (images = eachOnce(served))),
    assignments: changed((held) => (assignments = held)),
    storm: showStorm,
  },
  (connected) => say(at("connection"), connected ? "live" : "not connected; trying again …"),
);
