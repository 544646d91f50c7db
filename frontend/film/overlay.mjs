/** What stands on the film in words: whose it is, how it lies, how it is shown, what its numbers mean. */

import { make } from "../page/elements.mjs";
import { fill } from "../page/python.mjs";
import { edgesOf, onScreen, sideOf } from "./letters.mjs";
import { wording } from "./wording.mjs";

/** @param {(source: string) => string} t */
export function overlay(t) {
  const words = wording(t);
  const corner = Object.fromEntries(["nw", "ne", "sw", "se"].map((at) => [at, make("div", { class: "wb-corner", "data-at": at })]));
  const edge = Object.fromEntries(["top", "right", "bottom", "left"].map((at) => [at, make("div", { class: "wb-edge", "data-at": at, hidden: true })]));
  const kinds = { LINEAR: t("Window"), LINEAR_EXACT: t("Window"), SIGMOID: t("Sigmoid"), LUT: t("Curve of the maker"), PERCENTILE: t("By percentiles") };
  const presets = { lung: t("Lung window"), mediastinum: t("Mediastinum window"), bone: t("Bone window"), soft: t("Soft tissue window") };
  const sides = { L: t("L left side"), R: t("R right side"), B: t("Both sides"), U: "" };
  const name = ({ kind, label, preset, width, center }) => {
    const own = presets[preset] ?? (kind === "PERCENTILE" ? kinds[kind] : label || kinds[kind]);
    return kind === "LUT" ? own : `${own} ${Math.round(width)}/${Math.round(center)}`;
  };

  function letters(tags, orientation) {
    const edges = edgesOf(tags?.PatientOrientation);
    const seen = edges && onScreen(edges, orientation);
    for (const [at, element] of Object.entries(edge)) {
      element.textContent = seen?.[at] ?? "";
      element.hidden = !seen;
    }
    const side = sideOf(tags);
    const known = edges && /[LR]/.test(edges.left);
    corner.ne.textContent = side ? sides[side] : known ? "" : t("Side not given in the file");
  }

  return {
    words,
    names: (vois) => vois.map(name),
    elements: [...Object.values(corner), ...Object.values(edge)],
    /** Before the film itself stands, only whose it is. */
    show({ src, greys, stage, marks, orientation }) {
      const { meta } = src ?? {};
      corner.nw.textContent = [...(meta?.caption ?? []), ...(meta?.notes ?? [])].join("\n");
      if (!greys) {
        for (const element of [corner.ne, corner.sw, corner.se, ...Object.values(edge)]) element.textContent = "";
        return;
      }
      letters(meta.tags, orientation);
      const { width, center } = greys.window;
      const range = fill(t("width {width}, centre {center}"), { width: width.toFixed(0), center: center.toFixed(0) });
      corner.sw.textContent = [...words.together(marks, meta.spacing, edgesOf(meta.tags?.PatientOrientation)),
        name(greys.voi), `${greys.curved ? `${t("after the curve")}: ` : ""}${range}`].join("\n");
      const size = `${greys.picture.columns} × ${greys.picture.rows}  ${(stage.magnification() * 100 * (window.devicePixelRatio || 1)).toFixed(0)} %`;
      corner.se.textContent = [size, ...words.calibration(meta.spacing)].join("\n");
    },
  };
}
