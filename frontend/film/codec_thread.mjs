/** Films are unpacked beside the page; where a browser refuses threads, in the page itself. */

import source from "thread:./codec_worker.mjs";
import { decodePicture } from "./codec.mjs";
import { keepWindow, maskPicture } from "./grey.mjs";
import { keepHalf } from "./sample.mjs";

const MOST = 2; // one may be busy with what comes next when the reader asks for something else

const here = async (buffer, how) => maskPicture(await decodePicture(buffer), how);

/**
 * Threads of one viewer; each film goes to one that is free, else to the one with the least to do.
 *
 * @returns {{decode: (buffer: ArrayBuffer, meta: object) => Promise<import("./codec.mjs").Picture>, close: () => void}}
 *   decode takes the buffer away and applies padding and shutter of the meta
 */
export function codecThreads() {
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
    const thread = { worker: new Worker(url), busy: 0, proved: false };
    thread.worker.onmessage = ({ data: { id, picture, half, percentiles, error } }) => {
      thread.proved = true;
      if (picture) { // what else takes time is done there too
        keepHalf(picture, half);
        keepWindow(picture, percentiles);
      }
      settle(thread, id, ({ done, failed }) => (error === undefined ? done(picture) : failed(new RangeError(error))));
    };
    thread.worker.onerror = (event) => {
      event.preventDefault();
      refused = true; // a policy forbids threads, or this one died: from now on the page does the work
      for (const [id, asked] of waiting) {
        if (asked.thread !== thread) continue;
        const { spare, how } = asked;
        settle(thread, id, ({ done, failed }) => (spare ? here(spare, how).then(done, failed) : failed(new Error(event.message || "the thread ended"))));
      }
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
    async decode(buffer, { padding = null, shutter = null, invert = false }) {
      const how = { padding, shutter, invert };
      let thread = null;
      try {
        if (!refused) thread = free();
      } catch {
        refused = true;
      }
      if (!thread) return here(buffer, how);
      const id = (serial += 1);
      const spare = thread.proved ? null : buffer.slice(0); // a thread that may not start takes the bytes with it
      thread.busy += 1;
      return new Promise((done, failed) => {
        waiting.set(id, { done, failed, thread, spare, how });
        thread.worker.postMessage({ id, buffer, how }, [buffer]);
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
