/** What each tool measures, from its points. Pure. */

import { cobbOf } from "./cobb.mjs";
import { ctrOf } from "./ctr.mjs";
import { limbOf } from "./limb.mjs";
import { angleOf, bidirectionalOf, lengthOf } from "./measure.mjs";
import { ellipseOf, rectangleOf } from "./roi.mjs";

const one = (name, measure) => (points, spacing) => [{ name, ...measure(points, spacing) }];

/**
 * @type {Record<string, {points: number, values: (points: import("./measure.mjs").Point[], spacing:
 *   import("./measure.mjs").Spacing, picture: object) => import("./measure.mjs").Value[]}>} points of a finished mark
 */
export const MEASURES = {
  Length: { points: 2, values: one("length", lengthOf) },
  Angle: { points: 3, values: one("angle", angleOf) },
  Cobb: { points: 4, values: one("angle", cobbOf) },
  Bidirectional: { points: 4, values: bidirectionalOf },
  RectangleROI: { points: 4, values: rectangleOf },
  EllipticalROI: { points: 4, values: ellipseOf },
  ArrowAnnotate: { points: 2, values: () => [] },
  CTR: { points: 4, values: ctrOf },
  LimbLength: { points: 3, values: limbOf },
};

/** Values of a finished mark that are numbers; none while it is being drawn. */
export function measured(tool, points, spacing, picture) {
  const kind = MEASURES[tool];
  if (points.length !== kind?.points) return [];
  return kind.values(points, spacing, picture).filter(({ value }) => Number.isFinite(value));
}

/** Points moved into the film: Python keeps no others, and what is kept must be what is seen. */
export function insideFilm(tool, points, { rows, columns }) {
  const into = (v, count) => Math.min(Math.max(v, -0.5), count - 0.5);
  const held = points.map(([x, y]) => [into(x, columns), into(y, rows)]);
  if (tool !== "EllipticalROI" || held.length !== 4) return held;
  const [x, y] = [0, 1].map((axis) => held.map((p) => p[axis])).map((all) => [Math.min(...all), Math.max(...all)]);
  const centre = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2]; // the ends of an axis stay opposite
  const upright = Math.abs(points[0][1] - points[1][1]) >= Math.abs(points[0][0] - points[1][0]);
  const ends = (one, other, lie) => (lie ? [[centre[0], one[1]], [centre[0], other[1]]] : [[one[0], centre[1]], [other[0], centre[1]]]);
  return [...ends(held[0], held[1], upright), ...ends(held[2], held[3], !upright)];
}
