// Brings what is known up to date: everything at once, or one change that the stream tells.
import { draw } from "./drawing.js";
import { eachOnce, known } from "./known.js";
import { failed } from "./notices.js";
import * as server from "./server.js";

let loading = null;
let arrived;

/** Resolves when everything has come once. */
export const loaded = new Promise((resolve) => (arrived = resolve));

const followers = [];

/** What is to be done each time when everything came anew. */
export const onLoad = (act) => followers.push(act);

/** Everything anew: at the beginning, and when changes were missed. What the stream says meanwhile is put behind it. */
export async function load() {
  const waiting = [];
  loading = waiting;
  try {
    const [listed, served, assigned] = await Promise.all([server.get("/nodes"), server.get("/images"), server.get("/assignments")]);
    known.nodes.clear();
    for (const node of listed) known.nodes.set(node.id, node);
    known.images = eachOnce(served);
    known.assignments = assigned;
    known.reports = await server.reports();
    failed(null);
  } catch (error) {
    failed(error);
  }
  if (loading === waiting) loading = null;
  waiting.forEach((change) => change());
  draw();
  followers.forEach((act) => act());
  arrived();
}

/** Takes what the stream says: at once, or when what is being loaded is there. */
export const changed = (change) => (data) => {
  const apply = () => {
    change(data);
    draw();
  };
  if (loading) loading.push(apply);
  else apply();
};
