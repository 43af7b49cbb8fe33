// Makes what the page shows. Whatever machines and operators have said becomes text, never markup: there is no innerHTML here, and the page's
// policy (trusted types) has the browser refuse it.

/** An element of the page, by its id. */
export const at = (id) => document.getElementById(id);

/** An element: properties (a name with a hyphen is an attribute, "on…" a listener), then children: elements or texts. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "for" || key === "scope") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces children, unless they would be the same: who reads or points at them is not disturbed. */
export function fill(element, key, children) {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...children());
}

/** Sets a text, unless it is the same. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const units = ["bytes", "KB", "MB", "GB", "TB"];

export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
}

export const seconds = (value) => `${value.toFixed(value < 100 ? 2 : 0)} s`;

export function moment(text) {
  const date = new Date(text);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

export const short = (digest) => digest.replace("sha256:", "").slice(0, 12);

/** An image's name with its version below. */
export const version = (name, digest) => [name, " ", make("code", { title: digest }, short(digest))];
