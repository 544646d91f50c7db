/** Runs in a thread of the browser: a film is unpacked and its shutter laid on while the page answers the reader. */

import { decodePicture } from "./codec.mjs";
import { maskPicture } from "./grey.mjs";

self.onmessage = async ({ data: { id, buffer, how } }) => {
  try {
    const picture = maskPicture(await decodePicture(buffer), how);
    const parts = [picture.values.buffer, ...(picture.hidden ? [picture.hidden.buffer] : [])];
    self.postMessage({ id, picture }, parts);
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error) });
  }
};
