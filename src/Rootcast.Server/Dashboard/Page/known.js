// What is known of the nodes and of what they are to boot. Everything that the page shows is read from here.
import { outcomes } from "./boots.js";

/**
 * What the server said last: nodes by their id, images (each version once), assignments, reports, whether nodes must be approved; and who is
 * signed in. loading.js puts in what comes.
 */
export const known = {
  nodes: new Map(),
  images: [],
  assignments: [],
  reports: [],
  approval: false,
  session: { signedIn: false },
};

export const states = {
  failed: "failed",
  silent: "silent",
  waiting: "waiting for approval",
  open: "booting",
  ready: "ready",
  other: "other",
};

export function stateOf(node) {
  if (known.approval && !node.approved) return "waiting";
  const outcome = node.lastBoot?.outcome;
  return outcome in states ? outcome : "other";
}

export function stateText(node) {
  const state = stateOf(node);
  return state === "waiting" ? "waits" : node.lastBoot ? outcomes[node.lastBoot.outcome] : "not booted yet";
}

export const labelsOf = (node) => Object.entries(node.labels).map(([name, value]) => `${name}=${value}`);

/** How many nodes are in each state. */
export function counts() {
  const found = Object.fromEntries(Object.keys(states).map((state) => [state, 0]));
  for (const node of known.nodes.values()) found[stateOf(node)]++;
  return found;
}

export const countsText = () =>
  Object.entries(counts())
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${states[state]}`)
    .join(", ");

/** Each version once: what is assigned has a name of its own beside the one that people gave it. */
export function eachOnce(served) {
  const versions = new Map();
  for (const image of served) {
    if (!versions.has(image.digest) || versions.get(image.digest).name.includes("@")) versions.set(image.digest, image);
  }
  return [...versions.values()];
}
