/** Words beside marks and in the corners. */

import { fill } from "../page/python.mjs";
import { curvesOf } from "./cobb.mjs";
import { legsDiffer } from "./limb.mjs";
import { calibrationOf } from "./measure.mjs";

/** Value without which a mark says nothing. */
const NEEDED = { Length: "length", Angle: "angle", Cobb: "angle", Bidirectional: "short", RectangleROI: "area", EllipticalROI: "area", CTR: "ratio",
  LimbLength: "whole" };

/** @param {(source: string) => string} t */
export function wording(t) {
  const notes = {
    "calibrated by geometry": t("calibrated by geometry"), "calibrated by fiducial": t("calibrated by fiducial"),
    "differs from the detector: corrected": t("differs from the detector: corrected"),
    "millimetres at the detector": t("millimetres at the detector"), "no word on calibration": t("no word on calibration"),
    "the file gives no spacing": t("the file gives no spacing"),
  };

  /** What the millimetres of a mark are, short enough to stand beside every one. */
  function scale(unit, spacing) {
    const { factor, note } = calibrationOf(spacing);
    if (unit === "px") return "px";
    if (unit === "mm-detector") return t("mm (detector plane)");
    if (factor) return fill(t("mm (divided by {factor})"), { factor });
    if (note === "differs from the detector: corrected") return t("mm (corrected spacing)");
    return t("mm (calibrated)");
  }
  const area = (unit, spacing) => scale(unit.slice(0, -1), spacing).replace(/^(mm|px)/, "$1²");
  const number = (v) => v.toFixed(1);

  const says = {
    Length: ({ length }, s) => [`${number(length.value)} ${scale(length.unit, s)}`],
    Angle: ({ angle }) => [`${number(angle.value)}°`],
    Cobb: ({ angle }) => [`Cobb ${number(angle.value)}°`],
    Bidirectional: ({ long, short }, s) => [`${number(long.value)} × ${number(short.value)} ${scale(long.unit, s)}`],
    RectangleROI: area2, EllipticalROI: area2,
    CTR: ({ ratio, heart, thorax }, s) => [`${t("Heart to thorax")} ${ratio.value.toFixed(2)}`,
      ...(heart ? [`${number(heart.value)} / ${number(thorax.value)} ${scale(heart.unit, s)}`] : [])],
    LimbLength: ({ whole, upper, lower, angle }, s) => [`${t("Leg")} ${number(whole.value)} ${scale(whole.unit, s)}`,
      `${t("Femur")} ${number(upper.value)} · ${t("Tibia")} ${number(lower.value)}`, ...(angle ? [`${t("Hip-knee-ankle")} ${number(angle.value)}°`] : [])],
  };
  function area2({ mean, sd, area: size }, s) {
    const values = mean ? [`${t("Mean")} ${number(mean.value)}${sd ? `  SD ${number(sd.value)}` : ""}`] : [];
    return [...values, `${size.value.toFixed(size.value < 10 ? 2 : 0)} ${area(size.unit, s)}`];
  }

  return {
    scale,
    /** Lines beside a mark; none while it is too short to be measured. */
    beside(tool, values, spacing) {
      const named = Object.fromEntries(values.map((value) => [value.name, value]));
      return named[NEEDED[tool]] ? says[tool](named, spacing) : [];
    },
    /** How the numbers of this film are calibrated, in the words of its file. */
    calibration(spacing) {
      const { kind, note, factor } = calibrationOf(spacing);
      const why = factor ? fill(t("magnification {factor}"), { factor }) : notes[note] ?? note;
      if (kind === "unknown") return [note === "no word on calibration" ? why : t("no spacing given: lengths in px")];
      return [kind === "detector" ? scale("mm-detector", spacing) : [scale("mm", spacing), why].filter(Boolean).join(t(": "))];
    },
    /** What several marks say together: curves of a spine, and two legs; `edges` as `edgesOf` or null. */
    together(marks, spacing, edges) {
      const named = { L: t("left of the patient"), R: t("right of the patient") };
      const sides = { left: named[edges?.left] ?? t("left of the stored film"), right: named[edges?.right] ?? t("right of the stored film"), "": "" };
      const curves = curvesOf(marks.filter(({ tool }) => tool === "Cobb"), spacing);
      const lines = curves.length < 2 ? [] : curves.map(({ value, convex, main }, i) =>
        [fill(t("Curve {number}"), { number: i + 1 }), `${number(value)}°`, sides[convex] && fill(t("bulges to the {side}"), { side: sides[convex] }), main && t("largest")]
          .filter(Boolean).join(" "));
      const legs = legsDiffer(marks.filter(({ tool }) => tool === "LimbLength"), spacing);
      return legs ? [...lines, `${t("Difference of the legs")} ${number(legs.value)} ${scale(legs.unit, spacing)}`] : lines;
    },
  };
}
