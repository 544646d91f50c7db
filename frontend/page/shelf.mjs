/** What one viewer keeps in memory: what is shown and what comes next, nothing else. */

/** When the page has nothing better to do; at most a second later. */
export const idle = () => new Promise((done) => {
  if (window.requestIdleCallback) requestIdleCallback(done, { timeout: 1000 });
  else setTimeout(done, 50);
});

/**
 * @template T
 * @param {(src: any, signal: AbortSignal) => Promise<T>} load
 * @param {(id: string) => void} [dropped] called when something leaves memory
 */
export function shelf(load, dropped = () => {}) {
  /** @type {Map<string, {value: Promise<T>, stop: AbortController, from: string, there: boolean}>} */
  const held = new Map();

  const fromOf = (src) => src.url ?? src.full_url ?? "";

  function get(src) {
    const known = held.get(src.id);
    const from = fromOf(src);
    if (known?.from === from) return known.value;
    if (known) keepOnly(new Set([...held.keys()].filter((id) => id !== src.id))); // drawn anew on the server: the old one lies
    const stop = new AbortController();
    const value = load(src, stop.signal);
    const kept = { value, stop, from, there: false };
    held.set(src.id, kept);
    value.then(() => (kept.there = true), () => undefined);
    value.catch(() => held.get(src.id)?.value === value && held.delete(src.id)); // so that a second try is possible
    return value;
  }

  function keepOnly(ids) {
    for (const [id, { stop }] of held) {
      if (ids.has(id)) continue;
      held.delete(id);
      stop.abort();
      dropped(id);
    }
  }

  let latest = new Set();
  let turn = 0;

  return {
    get,
    keepOnly,
    /** Python tells what is shown and what comes next in either order, so what was wanted just before stays once more. */
    turnTo(ids) {
      turn += 1; // whatever was to come next is no longer asked for
      keepOnly(new Set([...ids, ...latest]));
      latest = ids;
    },
    ids: () => [...held.keys()],
    /** Whether it need not be waited for. */
    isThere(src) {
      const known = held.get(src.id);
      return known !== undefined && known.there && known.from === fromOf(src);
    },
    /** Load what comes next, one after the other and only while nobody waits for something else. */
    async prefetch(sources) {
      const mine = turn;
      for (const src of sources) {
        await idle();
        if (mine !== turn) return;
        await get(src).catch(() => undefined); // its error is said when it is opened
      }
    },
    clear: () => keepOnly(new Set()),
  };
}
