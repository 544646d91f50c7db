/** Cobb angles and the curves of a spine. Pure. */

import { between, pixelShape, turn } from "./measure.mjs";

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const cross = (u, v) => u[0] * v[1] - u[1] * v[0];

/**
 * Cobb angle: between the lines along the upper and the lower end plate, both taken towards one side of the line that
 * joins their middles. So neither the order of the ends nor a turned film matters, and a curve above 90 degrees is not
 * read as its supplement; without such a side the smaller angle is given.
 *
 * @param {import("./measure.mjs").Point[]} points two points of the one line, two of the other
 * @param {import("./measure.mjs").Spacing} spacing oblong pixels bend nothing
 * @returns {{value: number, unit: string}} NaN when a line has no length
 */
export function cobbOf([a, b, c, d], spacing) {
  const shape = pixelShape(spacing);
  const axis = between([middle(a, b), middle(c, d)], shape);
  const [one, other] = [between([a, b], shape), between([c, d], shape)];
  const found = turn(one, other);
  const sides = cross(axis, one) * cross(axis, other);
  return { value: sides < 0 || (sides === 0 && found > 90) ? 180 - found : found, unit: "deg" };
}

const rightwards = ([a, b]) => (a[0] <= b[0] ? [a, b] : [b, a]);

/**
 * Curves of a spine from the Cobb angles drawn on one film, from the top of the film downwards.
 *
 * The end plates open towards the convex side, so the side is told from the two slopes.
 *
 * @param {{uid: string, points: import("./measure.mjs").Point[]}[]} cobbs
 * @param {import("./measure.mjs").Spacing} spacing
 * @returns {{uid: string, value: number, convex: "left"|"right"|"", main: boolean}[]} convex as the stored film lies, ""
 *   for parallel lines; main is the largest
 * @see Cobb JR. Outline for the study of scoliosis. Instr Course Lect 1948;5:261-275
 */
export function curvesOf(cobbs, spacing) {
  const curves = cobbs.map(({ uid, points: [a, b, c, d] }) => {
    const [upper, lower] = middle(a, b)[1] <= middle(c, d)[1] ? [[a, b], [c, d]] : [[c, d], [a, b]];
    const [down, below] = [upper, lower].map((line) => between(rightwards(line), pixelShape(spacing))).map(([x, y]) => Math.atan2(y, x));
    const convex = below > down ? "right" : below < down ? "left" : "";
    return { uid, value: cobbOf([a, b, c, d], spacing).value, convex, at: middle(...upper)[1] };
  }).filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.at - b.at);
  const largest = Math.max(...curves.map(({ value }) => value));
  return curves.map(({ at, ...curve }) => ({ ...curve, main: curve.value === largest }));
}
