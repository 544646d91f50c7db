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
  Cobb: { points: 4, values: one("cobb", cobbOf) },
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
