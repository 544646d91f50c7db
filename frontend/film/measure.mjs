/** Lengths and angles on a film, from pixel positions. Pure. */

/**
 * @typedef {{row_mm: number|null, column_mm: number|null, kind: string}} Spacing kind calibrated, detector or unknown
 */

/** Whether millimetres may be given at all. */
export const hasMillimetres = (spacing) => spacing?.kind !== "unknown" && spacing?.row_mm > 0 && spacing?.column_mm > 0;

/** Size of one pixel, or one unit each way when nothing is known. */
export const pixelSize = (spacing) => (hasMillimetres(spacing) ? [spacing.column_mm, spacing.row_mm] : [1, 1]);

/**
 * Length between two points.
 *
 * @param {[number, number][]} points column, row
 * @param {Spacing} spacing
 * @returns {{value: number, unit: string}} unit mm, mm-detector or px
 */
export function lengthOf([a, b], spacing) {
  const [x, y] = pixelSize(spacing);
  const value = Math.hypot((b[0] - a[0]) * x, (b[1] - a[1]) * y);
  if (!hasMillimetres(spacing)) return { value, unit: "px" };
  return { value, unit: spacing.kind === "calibrated" ? "mm" : "mm-detector" };
}

/** Angle at the middle point, 0 to 180 degrees; NaN when an arm has no length. */
export function angleOf([a, vertex, b], spacing) {
  const [x, y] = pixelSize(spacing);
  const arm = (p) => [(p[0] - vertex[0]) * x, (p[1] - vertex[1]) * y];
  const [p, q] = [arm(a), arm(b)];
  const angle = Math.abs(Math.atan2(p[0] * q[1] - p[1] * q[0], p[0] * q[0] + p[1] * q[1]));
  const flat = Math.hypot(...p) === 0 || Math.hypot(...q) === 0;
  return { value: flat ? NaN : (angle * 180) / Math.PI, unit: "deg" };
}
