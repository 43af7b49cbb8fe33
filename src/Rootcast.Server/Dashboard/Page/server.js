// What this page asks of the server: the same API that `rootcast node` uses, and who is signed in.

let proof = null;

/** Who is signed in: { signedIn, proof, password, secure }. */
export async function session() {
  const answer = await fetch("dashboard/session", { cache: "no-store" });
  const data = await answer.json();
  proof = data.proof ?? null;
  return data;
}

export async function signIn(secret) {
  const answer = await fetch("dashboard/session", { method: "POST", body: JSON.stringify({ secret }) });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error ?? `status ${answer.status}`);
  proof = data.proof ?? null;
  return data;
}

export async function signOut() {
  await fetch("dashboard/session", { method: "DELETE", headers: headers() });
  proof = null;
}

/** Refused because nobody is signed in (any more). */
export class NotSignedIn extends Error {}

export const get = (path) => ask("GET", path);

/** Below /api/v1; fails with what the server says. */
export async function ask(method, path, body) {
  const answer = await fetch(`api/v1${path}`, {
    method,
    headers: method === "GET" ? {} : headers(),
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  let data = {};
  try {
    data = await answer.json();
  } catch {
    // A proxy in front may answer with something else.
  }
  if (answer.status === 401) throw new NotSignedIn(data.error ?? "Sign in first.");
  if (!answer.ok) throw new Error(data.error ? `${data.error} ${data.hint ?? ""}` : `The server answered with status ${answer.status}.`);
  return data;
}

export async function reports() {
  const answer = await fetch("dashboard/reports", { cache: "no-store" });
  return answer.ok ? answer.json() : [];
}

const headers = () => (proof ? { "X-Rootcast-Proof": proof } : {});

/** What changes, from now on. A page that nobody sees listens to nothing; it goes on where it stopped, or asks for everything. */
export function listen(handlers, connection) {
  let source = null;
  let last = "";
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    source = new EventSource(last ? `dashboard/events?last=${encodeURIComponent(last)}` : "dashboard/events");
    source.onerror = () => {
      connection(false);
      // Refused, not broken off: the browser itself does not try again.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => source?.readyState === EventSource.CLOSED && open(), 5000);
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        last = event.lastEventId || last;
        handle(JSON.parse(event.data));
      });
    }
    source.addEventListener("hello", () => connection(true));
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : source ?? open()));
  open();
}
