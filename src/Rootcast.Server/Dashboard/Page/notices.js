// What is said beside the lists: aloud what changed, and what went wrong.
import { at, say } from "./elements.js";
import { countsText } from "./known.js";

let spoken = [];
let speaking = null;

/** Says it aloud: at most one sentence in a while, in a storm how many. */
export function announce(text) {
  spoken.push(text);
  speaking ??= setTimeout(() => {
    say(at("spoken"), spoken.length > 3 ? `${spoken.length} changes: ${countsText()}` : spoken.join("; "));
    spoken = [];
    speaking = null;
  }, 1500);
}

/** Shows an error until the next one; null: it is over. */
export function failed(error) {
  at("failure").hidden = !error;
  say(at("failure"), error ? error.message : "");
}
