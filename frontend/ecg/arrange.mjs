/** Choosing size and window: how many pixels a millimetre gets and which stretch of the recording is on the sheet. Pure. */

import { fitScale, layOut, PAGE_SECONDS, sheetWidth, spanIn, STANDARD } from "./paper.mjs";

export const NARROW = 520; // CSS px: below it a whole sheet would be too small to read
const SCROLLBAR = 12;
const SMALLEST_FIT = 0.8; // of the width: beyond this, scrolling is better than a narrow sheet
const PHONE_PX = 4.4; // CSS px per mm of a strip on a phone: about real size
const LEAST_PHONE_PX = 3; // of whole sheets there, which are moved under the finger: below, 1 mm lines are a tint
const FEW = 3; // with fewer of the twelve leads than this, every lead gets its own row

/** The layout that is really drawn: rows for every lead when the recording has next to nothing of the twelve. */
export function layoutFor(chosen, leads) {
  return leads.length > 0 && leads.filter((lead) => STANDARD.includes(lead)).length < FEW ? "12x1" : chosen;
}

/**
 * @param {{names: string[], seconds: number}} tracing
 * @param {{layout: string, order: string, rhythm: string, speed: number, gain: number, zoom: number, start: number,
 *   realPx: number}} wish realPx is CSS pixels per mm at real size, 0 for as it fits
 * @param {{wide: number, high: number, ratio: number}} room CSS px, and device pixels in one
 * @returns {{px: number, sheet: import("./paper.mjs").Sheet, span: number, start: number}}
 */
export function arrange({ names: leads, seconds }, wish, { wide, high, ratio }) {
  const { layout, speed, zoom, realPx } = wish;
  const plan = { ...wish, leads, seconds, start: 0 };
  let span = PAGE_SECONDS;
  let px = realPx;
  if (wide < NARROW && layout === "12x1") {
    px ||= PHONE_PX * zoom;
    span = Math.min(PAGE_SECONDS, spanIn(wide / px, speed)); // what fits, so that nothing but time scrolls sideways
  } else if (!px) {
    const least = layOut(plan);
    const perWidth = fitScale(wide, sheetWidth(25), ratio);
    const perHeight = fitScale(high, least.height, ratio);
    px = Math.min(perWidth, Math.max(perHeight, perWidth * SMALLEST_FIT));
    if (least.height * px > high) px = Math.min(px, fitScale(wide - SCROLLBAR, sheetWidth(25), ratio));
    if (wide < NARROW) px = Math.max(px, LEAST_PHONE_PX);
    px *= zoom;
  }
  const start = Math.min(Math.max(wish.start, 0), Math.max(0, seconds - span));
  const room = sheetWidth(speed, span) * px > wide + 1 ? high - SCROLLBAR : high;
  return { px, span, start, sheet: layOut({ ...plan, start, span, heightMm: room / px }) };
}
