/** Runs in a thread of the browser: a film is fetched, unpacked, its shutter laid on, halved and counted while the page answers the reader. */

import { percentileWindow } from "./grey.mjs";
import { loadFilm } from "./loading.mjs";
import { halved } from "./sample.mjs";

/** @type {Map<number, AbortController>} */
const running = new Map();

self.onmessage = async ({ data: { id, url, how, stop } }) => {
  if (stop) {
    running.get(id)?.abort();
    return;
  }
  const stopper = new AbortController();
  running.set(id, stopper);
  try {
    const { picture, ...times } = await loadFilm(url, how, stopper.signal);
    const began = performance.now();
    performance.clearResourceTimings(); // their list has an end
    const [half, percentiles] = [halved(picture), percentileWindow(picture)];
    const parts = [picture.values.buffer, half.values.buffer, ...(picture.hidden ? [picture.hidden.buffer] : [])];
    self.postMessage({ id, picture, half, percentiles, times: { ...times, decode_ms: times.decode_ms + performance.now() - began } }, parts);
  } catch ({ name, message, kind, status }) {
    self.postMessage({ id, error: { name, message: String(message), kind, status } });
  } finally {
    running.delete(id);
  }
};
