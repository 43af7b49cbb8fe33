// The dashboard: what the server knows of its nodes, as it happens. It reads and changes by /api/v1; the server says over one stream what is new.
// Here the parts are put together: known.js holds what loading.js and the stream bring, drawing.js has nodes.js, images.js and panel.js show it.
import { assign } from "./changes.js";
import { signIn } from "./dialogs.js";
import { draw, onDraw } from "./drawing.js";
import { at, bytes, make, say } from "./elements.js";
import { drawAssignments, drawImages } from "./images.js";
import { eachOnce, known, stateText } from "./known.js";
import { changed, load, loaded, onLoad } from "./loading.js";
import { drawNodes, drawStates } from "./nodes.js";
import { announce, failed } from "./notices.js";
import { drawPanel, open, renew } from "./panel.js";
import * as server from "./server.js";

/** The node that the address names, until it is shown. */
let named = new URLSearchParams(location.hash.slice(1)).get("node");

onDraw(drawStates, drawNodes, drawImages, drawAssignments, drawPanel, () => {
  at("sign").textContent = known.session.signedIn ? "Sign out" : "Sign in";
  document.documentElement.dataset.drawn = String(known.nodes.size);
});
onLoad(() => {
  if (named && known.nodes.has(named)) open(named);
  else renew();
  named = null;
});

at("sign").addEventListener("click", async () => {
  if (known.session.signedIn) await server.signOut();
  else known.session = await signIn(known.session);
  known.session = await server.session();
  draw();
});
at("assign").addEventListener("click", async () => {
  // Who is quicker than the list of images is asked when it is there.
  await loaded;
  assign("*");
});

function take(node) {
  const before = known.nodes.get(node.id);
  known.nodes.set(node.id, node);
  const state = stateText(node);
  if (!before) announce(`${node.id} is new: ${state}`);
  else if (stateText(before) !== state) announce(`${node.id}: ${state}`);
  renew(node.id);
}

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
  known.session = await server.session();
} catch (error) {
  failed(error);
}
server.listen(
  {
    hello: (hello) => {
      known.approval = hello.mustBeApproved;
      if (!hello.resumed) load();
    },
    reset: () => load(),
    node: changed(take),
    gone: changed(({ id }) => {
      if (known.nodes.delete(id)) announce(`${id} is forgotten`);
    }),
    boot: ({ id }) => renew(id),
    images: changed((served) => (known.images = eachOnce(served))),
    assignments: changed((held) => (known.assignments = held)),
    storm: showStorm,
  },
  (connected) => say(at("connection"), connected ? "live" : "not connected; trying again …"),
);
