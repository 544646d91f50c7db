/** Cardiothoracic ratio. Pure. */

import { between, lengthUnit } from "./measure.mjs";

/**
 * Widest heart over widest inner thorax. Both are measured along the line across the thorax: its two ends lie at one
 * height of the patient, the two borders of the heart seldom do.
 *
 * @param {import("./measure.mjs").Point[]} points two borders of the heart, then two inner borders of the ribs
 * @param {import("./measure.mjs").Spacing} spacing the ratio needs none but for oblong pixels
 * @returns {import("./measure.mjs").Value[]} ctr, heart, thorax; NaN when the thorax has no width
 * @see Danzer CS. The cardiothoracic ratio. Am J Med Sci 1919;157:513-521
 */
export function ctrOf([a, b, c, d], spacing) {
  const [heart, across] = [between([a, b], spacing), between([c, d], spacing)];
  const thorax = Math.hypot(...across);
  const wide = Math.abs(heart[0] * across[0] + heart[1] * across[1]) / thorax;
  const unit = lengthUnit(spacing);
  return [{ name: "ctr", value: wide / thorax, unit: "ratio" }, { name: "heart", value: wide, unit }, { name: "thorax", value: thorax, unit }];
}
