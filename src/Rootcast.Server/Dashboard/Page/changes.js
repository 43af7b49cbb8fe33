// What an operator changes: each asks first, does it by the API, and has everything loaded anew.
import { ask, signIn } from "./dialogs.js";
import { draw } from "./drawing.js";
import { short } from "./elements.js";
import { known, labelsOf } from "./known.js";
import { load } from "./loading.js";
import { announce } from "./notices.js";
import * as server from "./server.js";

/** Asks who it is when nobody is signed in yet, then asks and does it. */
async function change(question) {
  if (!known.session.signedIn) {
    known.session = await signIn(known.session);
    draw();
    if (!known.session.signedIn) return false;
  }
  const done = await ask({
    ...question,
    act: async (values) => {
      try {
        await question.act(values);
      } catch (error) {
        if (error instanceof server.NotSignedIn) {
          known.session = { ...known.session, signedIn: false };
          draw();
        }
        throw error;
      }
    },
  });
  if (done) await load();
  return done;
}

export const assign = (target, image) =>
  change({
    title: "Assign an image",
    text: ["What boots now finishes with what it began; the next boot gets this version."],
    fields: [
      { name: "target", label: "To which nodes", value: target, hint: "A node, labels such as rack=3 or rack=3,role=web, or * for all" },
      {
        name: "image",
        label: "Image",
        value: image?.digest ?? known.images[0]?.digest,
        options: known.images.map(({ name, digest }) => [digest, `${name} ${short(digest)}`]),
      },
    ],
    action: "Assign",
    act: async (values) => {
      const held = await server.ask("POST", "/assignments", { target: values.target.trim(), image: values.image });
      announce(`${held.pattern} is assigned ${held.image} ${short(held.digest)}`);
    },
  });

export const rollback = (target) =>
  change({
    title: `Roll back ${target}`,
    text: ["What was assigned to it last is taken back, and what was assigned before holds again."],
    action: "Roll back",
    act: async () => {
      const { withdrawn, now } = await server.ask("POST", "/rollback", { target });
      announce(`${withdrawn.pattern} is rolled back from ${withdrawn.image} to ${now ? `${now.image} ${short(now.digest)}` : "what is assigned to more nodes"}`);
    },
  });

export const approve = (id) =>
  change({
    title: `Approve ${id}`,
    text: ["It boots when it asks again, within ten seconds."],
    action: "Approve",
    act: () => server.ask("POST", `/nodes/${encodeURIComponent(id)}/approve`),
  });

export const label = (id) =>
  change({
    title: `Labels of ${id}`,
    fields: [
      { name: "labels", label: "Labels", value: labelsOf(known.nodes.get(id)).join(" "), hint: "NAME=VALUE, with spaces between them" },
    ],
    action: "Set",
    act: ({ labels }) => {
      const set = {};
      for (const word of labels.split(/\s+/).filter((text) => text)) {
        const equals = word.indexOf("=");
        set[equals < 0 ? word : word.slice(0, equals)] = equals < 0 ? "" : word.slice(equals + 1);
      }
      const remove = Object.keys(known.nodes.get(id)?.labels ?? {}).filter((name) => !(name in set));
      return server.ask("PATCH", `/nodes/${encodeURIComponent(id)}/labels`, { set, remove });
    },
  });

/** Resolves to whether the node is gone. */
export const forget = (id) =>
  change({
    title: `Forget ${id}`,
    text: ["The node, its boots and what is assigned to it alone are gone. When it boots again it is a new one."],
    action: "Forget",
    act: () => server.ask("DELETE", `/nodes/${encodeURIComponent(id)}`),
  });
