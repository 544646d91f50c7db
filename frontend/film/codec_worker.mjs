/** Runs in a thread of the browser: a film is unpacked, its shutter laid on, halved and counted while the page answers the reader. */

import { decodePicture } from "./codec.mjs";
import { maskPicture, percentileWindow } from "./grey.mjs";
import { halved } from "./sample.mjs";

self.onmessage = async ({ data: { id, buffer, how } }) => {
  try {
    const picture = maskPicture(await decodePicture(buffer), how);
    const [half, percentiles] = [halved(picture), percentileWindow(picture)];
    const parts = [picture.values.buffer, half.values.buffer, ...(picture.hidden ? [picture.hidden.buffer] : [])];
    self.postMessage({ id, picture, half, percentiles }, parts);
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error) });
  }
};
