/** One film from the server: unpacked while its bytes come in, its padding and shutter laid on. */

import { answer } from "../page/fetching.mjs";
import { decodePicture } from "./codec.mjs";
import { maskPicture } from "./grey.mjs";

/**
 * @param {string} url
 * @param {{padding: [number, number]|null, shutter: object|null, invert: boolean}} how
 * @param {AbortSignal} signal
 * @returns {Promise<{picture: import("./codec.mjs").Picture, fetch_ms: number, decode_ms: number, transferred: number}>} the
 *   time until the last byte was there, what unpacking took beyond it, and the bytes that came from the server and not
 *   from what the browser keeps
 */
export async function loadFilm(url, how, signal) {
  const began = performance.now();
  let arrived = began;
  const { body, url: address } = await answer(url, signal);
  const picture = maskPicture(await decodePicture(body, () => (arrived = performance.now())), how);
  const transferred = performance.getEntriesByName(address).at(-1)?.transferSize ?? 0;
  return { picture, transferred, fetch_ms: arrived - began, decode_ms: performance.now() - arrived };
}
