/** Telling Python and the browser tests what is on the screen, and since when. */

/** Resolves when what was drawn before the call has reached the screen. A hidden page paints nothing, so no waiting. */
export const painted = () => new Promise((done) => {
  if (document.hidden) setTimeout(done, 0);
  else requestAnimationFrame(() => setTimeout(done, 0));
});

/**
 * Say which picture a viewer holds from now on; the page around it hides a picture that does not belong to its words.
 *
 * @param {"ecg"|"film"} viewer
 * @param {string} id
 */
export function holds(viewer, id) {
  const all = (window.__wb ??= {});
  all.holding = { ...all.holding, [viewer]: id }; // a name of its own: `report` spreads its facts over the same object
  window.dispatchEvent(new CustomEvent("wb-held"));
}

/**
 * Also tells the page around when a picture stands in full or cannot: what is less urgent may be done then.
 *
 * @param {"ecg"|"film"} viewer
 * @param {Record<string, unknown>} facts at least shown (id)
 */
export function report(viewer, facts) {
  const all = (window.__wb ??= {});
  const own = (all[viewer] = { ...all[viewer], ...facts });
  own.count = (own.count ?? 0) + (facts.stage ? 1 : 0);
  Object.assign(all, facts);
  if (facts.stage === "full" || facts.stage === "error") window.dispatchEvent(new CustomEvent("wb-stands", { detail: { viewer } }));
}
