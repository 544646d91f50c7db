/** Films are fetched and unpacked beside the page; where a browser refuses threads, in the page itself. */

import source from "thread:./codec_worker.mjs";
import { inWords } from "../page/python.mjs";
import { keepWindow } from "./grey.mjs";
import { loadFilm } from "./loading.mjs";
import { keepHalf } from "./sample.mjs";

const MOST = 2; // one may be busy with what comes next when the reader asks for something else

/**
 * Threads of one viewer; each film goes to one that is free, else to the one with the least to do.
 *
 * @param {(source: string) => string} text words for what goes wrong
 * @returns {{load: (src: {full_url: string, meta: object}, signal: AbortSignal) => Promise<{picture:
 *   import("./codec.mjs").Picture, fetch_ms: number, decode_ms: number}>, close: () => void}} load applies padding and
 *   shutter of the meta
 */
export function codecThreads(text) {
  const threads = [];
  const waiting = new Map();
  let serial = 0;
  let refused = false;
  let url = null;

  function settle(thread, id, act) {
    const asked = waiting.get(id);
    waiting.delete(id);
    thread.busy -= 1;
    if (asked) act(asked);
  }

  function started() {
    url ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const thread = { worker: new Worker(url), busy: 0 };
    thread.worker.onmessage = ({ data: { id, picture, half, percentiles, times, error } }) => {
      if (picture) { // what else takes time is done there too
        keepHalf(picture, half);
        keepWindow(picture, percentiles);
      }
      settle(thread, id, ({ done, failed }) => (error ? failed(inWords(Object.assign(new RangeError(error.message), error), text)) : done({ picture, ...times })));
    };
    thread.worker.onerror = (event) => {
      event.preventDefault();
      refused = true; // a policy forbids threads, or this one died: from now on the page does the work
      for (const [id, { thread: one, again }] of waiting) if (one === thread) settle(thread, id, again);
    };
    threads.push(thread);
    return thread;
  }

  function free() {
    const idle = threads.find(({ busy }) => busy === 0);
    if (idle) return idle;
    return threads.length < MOST ? started() : threads.reduce((least, one) => (one.busy < least.busy ? one : least));
  }

  return {
    async load({ full_url, meta: { padding = null, shutter = null, invert = false } }, signal) {
      const how = { padding, shutter, invert };
      const here = () => loadFilm(full_url, how, signal).catch((error) => {
        throw inWords(error, text);
      });
      let thread = null;
      try {
        if (!refused) thread = free();
      } catch {
        refused = true;
      }
      if (!thread) return here();
      const id = (serial += 1);
      thread.busy += 1;
      signal.addEventListener("abort", () => waiting.has(id) && thread.worker.postMessage({ id, stop: true }), { once: true });
      return new Promise((done, failed) => {
        waiting.set(id, { done, failed, thread, again: () => here().then(done, failed) });
        thread.worker.postMessage({ id, url: new URL(full_url, location.origin).href, how });
      });
    },
    close() {
      for (const { worker } of threads) worker.terminate();
      threads.length = 0;
      waiting.clear();
      if (url) URL.revokeObjectURL(url);
      url = null;
      refused = true;
    },
  };
}
