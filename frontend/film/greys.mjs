/** How one film is shown: the ways it brings, the one chosen, the window dragged from there. No page, no Cornerstone. */

import { asWindow, curveTable, isCurve, percentileWindow, throughTable, windowRange } from "./grey.mjs";

const FULL = { lower: 0, upper: 65535 };
const DRAG = 400; // CSS pixels that double the width of the window, or move it by its own width
const ROOM = 65536; // values between the film and what stands for "no picture"

/** Values no window of this film reaches, so that what is hidden stays black: in 16 bits where they hold them. */
function limitsOf({ min, max }, brought) {
  const ranges = brought.filter((voi) => !isCurve(voi)).map(windowRange);
  const lower = Math.min(min, ...ranges.map((range) => range.lower));
  const upper = Math.max(max, ...ranges.map((range) => range.upper));
  if (lower > -32768 && upper < 32767) return { lower: -32768, upper: 32767 };
  return { lower: Math.floor(lower) - ROOM, upper: Math.ceil(upper) + ROOM };
}

/**
 * @param {import("./codec.mjs").Picture} base values of the film
 * @param {import("./grey.mjs").Voi[]} brought in the order of the file; the first is the default
 */
export function greysOf(base, brought) {
  const within = base.hidden ? limitsOf(base, brought) : null;
  const plainBase = within ? { ...base, limits: within } : base;
  const vois = brought.some((voi) => voi.kind === "PERCENTILE") ? [...brought] : [...brought, percentileWindow(base)];
  let chosen = 0;
  let range = FULL;
  let picture = plainBase;
  let width = 1;

  function choose(index) {
    chosen = Math.min(Math.max(index, 0), vois.length - 1);
    const voi = vois[chosen];
    if (isCurve(voi)) {
      const values = throughTable(base.values, curveTable(voi, base.min, base.max), base.min);
      picture = { ...base, values, min: FULL.lower, max: FULL.upper };
      if (within) picture.limits = { lower: FULL.lower - ROOM, upper: FULL.upper + ROOM };
      range = FULL;
    } else {
      picture = plainBase;
      range = windowRange(voi);
    }
    width = Math.max(1, range.upper - range.lower);
  }

  choose(0);
  return {
    vois, choose,
    /** Move by a drag of so many CSS pixels: right is wider (softer), down is darker. */
    drag([right, down]) {
      const before = range;
      const step = width / DRAG;
      const middle = (range.lower + range.upper) / 2 + down * step;
      const half = Math.max(0.5, (range.upper - range.lower) / 2 + (right * step) / 2);
      const ends = picture.limits ?? { lower: -Infinity, upper: Infinity };
      range = { lower: Math.max(middle - half, ends.lower), upper: Math.min(middle + half, ends.upper) };
      if (range.upper - range.lower < 1) range = before;
    },
    get chosen() { return chosen; },
    get voi() { return vois[chosen]; },
    get range() { return range; },
    get picture() { return picture; },
    /** Centre and width as the present way of showing would write them. */
    get window() {
      const exact = { center: (range.lower + range.upper) / 2, width: range.upper - range.lower };
      return vois[chosen].kind === "LINEAR" ? asWindow(range) : exact;
    },
    get curved() { return isCurve(vois[chosen]); },
    /** First way that is not the maker's curve. */
    get plain() { return vois.findIndex((voi) => voi.kind !== "LUT"); },
    get hasLut() { return vois.some((voi) => voi.kind === "LUT"); },
  };
}
