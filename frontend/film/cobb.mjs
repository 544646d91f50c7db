/** Cobb angles and the curves of a spine. Pure. */

import { between, turn } from "./measure.mjs";

/**
 * Cobb angle: between the lines along the upper and the lower end plate, 0 to 90 degrees.
 *
 * @param {import("./measure.mjs").Point[]} points two points of the one line, two of the other
 * @param {import("./measure.mjs").Spacing} spacing angles are those in millimetres, so that oblong pixels bend nothing
 * @returns {{value: number, unit: string}} NaN when a line has no length
 */
export function cobbOf([a, b, c, d], spacing) {
  const between180 = turn(between([a, b], spacing), between([c, d], spacing));
  return { value: Math.min(between180, 180 - between180), unit: "deg" };
}

const middle = (a, b) => (a[1] + b[1]) / 2;
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
    const [upper, lower] = middle(a, b) <= middle(c, d) ? [[a, b], [c, d]] : [[c, d], [a, b]];
    const [down, below] = [upper, lower].map((line) => between(rightwards(line), spacing)).map(([x, y]) => Math.atan2(y, x));
    const convex = below > down ? "right" : below < down ? "left" : "";
    return { uid, value: cobbOf([a, b, c, d], spacing).value, convex, at: middle(...upper) };
  }).filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.at - b.at);
  const largest = Math.max(...curves.map(({ value }) => value));
  return curves.map(({ at, ...curve }) => ({ ...curve, main: curve.value === largest }));
}
