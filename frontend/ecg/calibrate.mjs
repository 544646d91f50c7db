/** Measuring the screen: a box is drawn until it is as wide as a card of known width. */

import { button, make } from "../page/elements.mjs";

const CARD_MM = 85.6; // ISO/IEC 7810 ID-1: identity and bank cards

/**
 * @param {(source: string) => string} t
 * @param {(pxPerMm: number) => void} done gets device pixels per millimetre, which browser zoom does not change
 */
export function calibration(t, done) {
  const box = make("div", { class: "wb-card" }, make("span", {}, "85.6 mm"));
  const slider = make("input", { type: "range", min: 180, max: 1100, step: 1, value: 324, "aria-label": t("Width of the card") });
  const grow = () => (box.style.width = `${slider.value}px`);
  slider.addEventListener("input", grow);
  const dialog = make("div", { class: "wb-dialog", role: "dialog", "aria-label": t("Calibrate"), hidden: true });
  const close = () => (dialog.hidden = true);
  dialog.append(make("div", { class: "wb-help-box" },
    make("h3", {}, t("Calibrate this screen")),
    make("p", {}, t("Hold a bank or identity card against the screen and move the slider until the box is exactly as wide as the card.")),
    box, slider,
    make("div", { class: "wb-dialog-buttons" },
      button(t("Cancel"), { name: "cancel", press: close }),
      button(t("This is right"), {
        name: "save",
        press: () => {
          close();
          done((Number(slider.value) * (window.devicePixelRatio || 1)) / CARD_MM);
        },
      }))));
  return {
    element: dialog,
    open(pxPerMm) {
      if (pxPerMm > 0) slider.value = String(Math.round((pxPerMm * CARD_MM) / (window.devicePixelRatio || 1)));
      grow();
      dialog.hidden = false;
      slider.focus();
    },
    close,
  };
}
