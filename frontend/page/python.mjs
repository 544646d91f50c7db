/** The one place where viewers talk to Python: traits in, traits out, texts. */

import { answer } from "./fetching.mjs";

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
export const fetchOwn = (url, text, signal) => answer(url, signal).catch((error) => {
  throw inWords(error, text);
});

/** What `answer` found, in words for the screen; any other error as it is. */
export function inWords(error, text) {
  if (error.kind === "foreign") return new Error(text("Data may only come from this server"));
  if (error.kind === "unreachable") return new Error(text("The server cannot be reached"));
  if (error.kind === "forbidden") return new Error(text("You are not allowed to see this"));
  if (error.kind === "status") return new Error(fill(text("The server answered {status}"), { status: error.status }));
  return error;
}
