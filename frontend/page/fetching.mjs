/** Bytes from our own server; the page and its threads ask alike, and only the page has words for what went wrong. */

const trouble = (kind, status = 0) => Object.assign(new Error(kind), { kind, status });

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>} one that holds what was asked for; else an error with `kind` foreign, unreachable, forbidden
 *   or status
 */
export async function answer(url, signal) {
  const address = new URL(url, location.origin);
  if (address.origin !== location.origin) throw trouble("foreign");
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw trouble("unreachable");
  }
  if (response.status === 401 || response.status === 403) throw trouble("forbidden", response.status);
  if (!response.ok) throw trouble("status", response.status);
  return response;
}
