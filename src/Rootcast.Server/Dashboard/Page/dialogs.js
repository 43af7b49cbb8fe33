// Questions to who sits in front: signing in, and what changes something.
import { at, make } from "./elements.js";
import * as server from "./server.js";

const dialog = at("dialog");
let done = null;

dialog.addEventListener("close", () => {
  done?.();
  done = null;
});

/**
 * Asks, and does it. Resolves to whether it was done; what fails is said in the dialog, which stays.
 * fields: [{ name, label, value, options, type, hint }]; act gets their values.
 */
export function ask({ title, text = [], fields = [], action, act }) {
  return new Promise((resolve) => {
    let did = false;
    const problem = make("p", { className: "failure", role: "alert", hidden: true });
    const inputs = fields.map(input);
    const submit = make("button", { type: "submit", className: "main" }, action);
    const form = make(
      "form",
      { method: "dialog" },
      make("h2", { id: "dialog-title" }, title),
      ...text.map((line) => make("p", {}, line)),
      ...inputs.map(({ place }) => place),
      problem,
      make("div", { className: "buttons" }, submit, make("button", { type: "button", onclick: () => dialog.close() }, "Cancel")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      problem.hidden = true;
      try {
        await act(Object.fromEntries(inputs.map(({ name, field }) => [name, field.value])));
        did = true;
        dialog.close();
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
        if (error instanceof server.NotSignedIn) problem.append(" Close this and sign in.");
      } finally {
        submit.disabled = false;
      }
    });
    dialog.replaceChildren(form);
    done = () => resolve(did);
    dialog.showModal();
    (inputs[0]?.field ?? submit).focus();
  });
}

function input({ name, label, value = "", options, type = "text", hint, autocomplete = "off" }) {
  const id = `field-${name}`;
  const described = hint ? `${id}-hint` : undefined;
  const field = options
    ? make("select", { id }, ...options.map(([key, text]) => make("option", { value: key, selected: key === value }, text)))
    : make("input", { id, type, value, autocomplete, spellcheck: false, "aria-describedby": described });
  const place = make("div", { className: "field" }, make("label", { for: id }, label), field);
  if (hint) place.append(make("small", { id: described }, hint));
  return { name, field, place };
}

/** Token or password, until one is right or nobody wants to any more. */
export async function signIn(session) {
  let now = session;
  const open = location.protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  await ask({
    title: "Sign in",
    text: open ? [] : ["This page came without encryption: who listens on the network can read what you type. Use --https."],
    fields: [
      {
        name: "secret",
        label: session.password ? "Password or token" : "Token",
        type: "password",
        autocomplete: "current-password",
        hint: "The token was shown when the server first started.",
      },
    ],
    action: "Sign in",
    act: async ({ secret }) => {
      now = await server.signIn(secret);
    },
  });
  return now;
}
