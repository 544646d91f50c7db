/** The one place where viewers talk to Python: traits in, traits out, texts. */

const PATIENCE = 150; // ms between two messages of one trait while something is being dragged

/**
 * @param {any} model anywidget model
 * @param {EventTarget} page where "wb-leave" is heard: the case is about to be put away, what waits goes first
 * @returns {{get: (name: string) => any, on: (names: string, act: () => void) => void, tell: (name: string, value:
 *   unknown) => void, tellSoon: (name: string, value: unknown, subject?: string) => void, text: (source: string) => string, close: () => void}}
 */
export function talk(model, page = "addEventListener" in globalThis ? globalThis : new EventTarget()) {
  const listeners = [];
  const waiting = new Map();
  const subjects = new Map();
  let timer = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    if (waiting.size === 0) return;
    waiting.forEach((value, name) => model.set(name, value));
    waiting.clear();
    subjects.clear();
    model.save_changes();
  };
  page.addEventListener("wb-leave", flush);
  return {
    get: (name) => model.get(name),
    on(names, act) {
      for (const name of names.split(" ")) {
        model.on(`change:${name}`, act);
        listeners.push([`change:${name}`, act]);
      }
    },
    tell(name, value) {
      waiting.set(name, value);
      flush();
    },
    /** The last value of a trait goes; one of another `subject` lets what waits go first. */
    tellSoon(name, value, subject = "") {
      if (subjects.has(name) && subjects.get(name) !== subject) flush();
      subjects.set(name, subject);
      waiting.set(name, value);
      timer ||= setTimeout(flush, PATIENCE);
    },
    text: (source) => model.get("texts")?.[source] ?? source,
    close() {
      page.removeEventListener("wb-leave", flush);
      flush();
      listeners.forEach(([event, act]) => model.off(event, act));
    },
  };
}

/** Fill `{name}` places of a translated sentence. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/**
 * Fetch from our own server, or say what went wrong in words for the screen.
 *
 * @param {string} url
 * @param {(source: string) => string} text
 * @param {AbortSignal} [signal]
 */
export async function fetchOwn(url, text, signal) {
  const address = new URL(url, location.origin);
  if (address.origin !== location.origin) throw new Error(text("Data may only come from this server"));
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(text("The server cannot be reached"));
  }
  if (response.status === 401 || response.status === 403) throw new Error(text("You are not allowed to see this"));
  if (!response.ok) throw new Error(fill(text("The server answered {status}"), { status: response.status }));
  return response;
}
