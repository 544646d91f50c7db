/** Cardiothoracic ratio. Pure. */

import { between, lengthOf, pixelShape } from "./measure.mjs";

/**
 * Widest heart over widest inner thorax. Both are measured along the line across the thorax: its two ends lie at one
 * height of the patient, the two borders of the heart seldom do.
 *
 * @param {import("./measure.mjs").Point[]} points two borders of the heart, then two inner borders of the ribs
 * @param {import("./measure.mjs").Spacing} spacing the ratio needs none but for oblong pixels
 * @returns {import("./measure.mjs").Value[]} ratio, heart, thorax; NaN when the thorax has no width; no widths in pixels
 *   that are known to be oblong
 * @see Danzer CS. The cardiothoracic ratio. Am J Med Sci 1919;157:513-521
 */
export function ctrOf([a, b, c, d], spacing) {
  const [x, y] = pixelShape(spacing);
  const [heart, across] = [between([a, b], [x, y]), between([c, d], [x, y])];
  const ratio = Math.abs(heart[0] * across[0] + heart[1] * across[1]) / (across[0] ** 2 + across[1] ** 2);
  const thorax = lengthOf([c, d], spacing);
  const widths = [{ name: "heart", value: ratio * thorax.value, unit: thorax.unit }, { name: "thorax", ...thorax }];
  return [{ name: "ratio", value: ratio, unit: "1" }, ...(thorax.unit === "px" && x !== y ? [] : widths)];
}
