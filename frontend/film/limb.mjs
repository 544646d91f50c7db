/** Length and axis of a leg. Pure. */

import { angleOf, lengthOf } from "./measure.mjs";

/**
 * Leg from the centre of the femoral head over the centre of the knee to the centre of the ankle.
 *
 * @param {import("./measure.mjs").Point[]} points hip, knee, ankle
 * @param {import("./measure.mjs").Spacing} spacing
 * @returns {import("./measure.mjs").Value[]} whole (straight from hip to ankle), upper, lower, and the angle at the knee,
 *   180 degrees when the leg is straight
 * @see Paley D. Principles of deformity correction. Springer 2002, chapter 1
 */
export function limbOf([hip, knee, ankle], spacing) {
  return [
    { name: "whole", ...lengthOf([hip, ankle], spacing) }, { name: "upper", ...lengthOf([hip, knee], spacing) },
    { name: "lower", ...lengthOf([knee, ankle], spacing) }, { name: "angle", ...angleOf([hip, knee, ankle], spacing) },
  ];
}

/** Difference of two legs on one film, the longer minus the shorter; null unless there are just two. */
export function legsDiffer(legs, spacing) {
  if (legs.length !== 2) return null;
  const [one, other] = legs.map(({ points: [hip, , ankle] }) => lengthOf([hip, ankle], spacing));
  return { value: Math.abs(one.value - other.value), unit: one.unit };
}
