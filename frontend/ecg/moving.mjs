/** Moving the window over the sheet and through the recording, and the size of the sheet. */

const ZOOMS = [1, 1.25, 1.5, 2, 3, 4];

/**
 * @param {{own: {start: number, zoom: number, real: boolean}, state: {tracing: object|null, px: number, span: number, sheet:
 *   object|null}, scroll: HTMLElement, ask: () => void, realPx: () => number}} viewer
 */
export function moving({ own, state, scroll, ask, realPx }) {
  const latest = () => Math.max(0, (state.tracing?.seconds ?? 0) - state.span);
  function to(start) {
    const next = Math.min(Math.max(start, 0), latest());
    if (next === own.start) return false;
    own.start = next;
    ask();
    return true;
  }
  const by = (seconds) => to(own.start + seconds);
  /** The next thing around the viewer that can be scrolled: on a phone, the page itself. */
  const around = () => {
    for (let one = scroll.parentElement; one; one = one.parentElement) {
      if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
    }
    return null;
  };
  /**
   * First the sheet moves under its window; at its edge the recording goes on, and what is left of a finger's way up or down
   * moves the page: a paper that fills a phone would hold the finger for ever. Returns whether anything moved.
   */
  function pan(dx, dy, finger = false) {
    const [left, top] = [scroll.scrollLeft, scroll.scrollTop];
    scroll.scrollLeft += dx;
    scroll.scrollTop += dy;
    const rest = dx - (scroll.scrollLeft - left);
    const over = dy - (scroll.scrollTop - top);
    if (finger && Math.abs(over) >= 1) around()?.scrollBy(0, over);
    const speed = state.sheet ? (state.sheet.width - state.sheet.left) / (state.span || 1) : 25;
    const went = Math.abs(rest) >= 1 && by(rest / (state.px * speed));
    return went || scroll.scrollLeft !== left || scroll.scrollTop !== top;
  }
  function zoom(next, at) {
    const before = own.zoom;
    const wanted = Math.min(Math.max(next, ZOOMS[0]), ZOOMS.at(-1));
    if (wanted === before && !own.real) return;
    own.real = false;
    own.zoom = wanted;
    if (at) { // the point between the fingers stays where it is
      const box = scroll.getBoundingClientRect();
      const [x, y] = [at.x - box.left, at.y - box.top];
      const grown = wanted / before;
      requestAnimationFrame(() => scroll.scrollTo((scroll.scrollLeft + x) * grown - x, (scroll.scrollTop + y) * grown - y));
    }
    ask();
  }
  const step = (way) => zoom(way > 0 ? (ZOOMS.find((one) => one > own.zoom + 0.01) ?? ZOOMS.at(-1)) : (ZOOMS.filter((one) => one < own.zoom - 0.01).at(-1) ?? 1));
  return {
    to, pan,
    pinch: (factor, x, y) => zoom(own.zoom * factor, { x, y }),
    /** Bring a time into the window; nothing moves when it is there already. */
    show(seconds) {
      if (seconds < own.start || seconds > own.start + state.span) to(seconds - state.span / 2);
    },
    acts: {
      earlier: () => by(-10), later: () => by(10), back: () => by(-1), forth: () => by(1), first: () => to(0), last: () => to(Infinity),
      larger: () => step(1), smaller: () => step(-1),
      fit: () => {
        own.real = false;
        own.zoom = 1;
        ask();
      },
      real: () => {
        own.real = realPx() > 0 && !own.real;
        ask();
      },
    },
  };
}
