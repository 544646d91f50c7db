/** Lengths, angles and their calibration on a film, from pixel positions. Pure. The centre of pixel (c, r) lies at c, r. */

/**
 * @typedef {{row_mm: number|null, column_mm: number|null, kind: string, note?: string, factor?: number|null}} Spacing kind
 *   calibrated, detector or unknown
 * @typedef {[number, number]} Point column and row of the stored film, unturned
 * @typedef {{name: string, value: number, unit: string}} Value unit mm, mm-detector, px, their squares mm2, mm-detector2,
 *   px2, deg, 1 (of a ratio), or value (of the film, after the Modality LUT)
 */

/** Whether millimetres may be given at all. */
export const hasMillimetres = (spacing) => spacing?.kind !== "unknown" && spacing?.row_mm > 0 && spacing?.column_mm > 0;

/** Size of one pixel, or one unit each way when nothing is known. */
export const pixelSize = (spacing) => (hasMillimetres(spacing) ? [spacing.column_mm, spacing.row_mm] : [1, 1]);

/** Width and height of a pixel up to a factor: spacing of unknown meaning still has a shape, and angles need no more. */
export const pixelShape = (spacing) => (spacing?.row_mm > 0 && spacing?.column_mm > 0 ? [spacing.column_mm, spacing.row_mm] : [1, 1]);

/** Unit of lengths under a calibration; areas have the same with a 2. */
export function lengthUnit(spacing) {
  if (!hasMillimetres(spacing)) return "px";
  return spacing.kind === "calibrated" ? "mm" : "mm-detector";
}

/** Words of the reader of the file for a spacing that was divided by a magnification. */
const DIVIDED = /^detector spacing \/ (\d+(?:\.\d+)?)$/;

/** What a measurement keeps of the spacing it was made with. */
export function calibrationOf(spacing) {
  const note = spacing?.note ?? "";
  const divided = DIVIDED.exec(note);
  return { kind: hasMillimetres(spacing) ? spacing.kind : "unknown", row_mm: spacing?.row_mm ?? null, column_mm: spacing?.column_mm ?? null,
    note, factor: spacing?.factor ?? (divided ? Number(divided[1]) : null) };
}

/** From one point to another: in the unit of lengths, or with `pixelShape` just its direction. */
export function between([a, b], [x, y]) {
  return [(b[0] - a[0]) * x, (b[1] - a[1]) * y];
}

/**
 * Length between two points.
 *
 * @param {[Point, Point]} points
 * @param {Spacing} spacing
 * @returns {{value: number, unit: string}} unit mm, mm-detector or px
 */
export function lengthOf([a, b], spacing) {
  return { value: Math.hypot(...between([a, b], pixelSize(spacing))), unit: lengthUnit(spacing) };
}

/** Angle between two directions, 0 to 180 degrees; NaN when one has no length. */
export function turn(p, q) {
  const angle = Math.abs(Math.atan2(p[0] * q[1] - p[1] * q[0], p[0] * q[0] + p[1] * q[1]));
  return Math.hypot(...p) === 0 || Math.hypot(...q) === 0 ? NaN : (angle * 180) / Math.PI;
}

/** Angle at the middle point, 0 to 180 degrees; NaN when an arm has no length. */
export function angleOf([a, vertex, b], spacing) {
  const shape = pixelShape(spacing);
  return { value: turn(between([vertex, a], shape), between([vertex, b], shape)), unit: "deg" };
}

/** Two diameters of one lesion, the longer first; Cornerstone keeps them at right angles. */
export function bidirectionalOf(points, spacing) {
  const sides = [lengthOf(points.slice(0, 2), spacing), lengthOf(points.slice(2, 4), spacing)].sort((a, b) => b.value - a.value);
  return sides.map((side, i) => ({ name: ["long", "short"][i], ...side }));
}
