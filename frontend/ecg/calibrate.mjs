/** Measuring the screen: a box is drawn until it is as wide as a card of known size, or until a ruler says 100 mm. */

import { button, choice, make } from "../page/elements.mjs";

const WIDTHS = { card: 85.6, short: 53.98, ruler: 100 }; // mm; the card: ISO/IEC 7810 ID-1, identity and bank cards
const GUESS = 96 / 25.4; // CSS px per mm that browsers assume

/**
 * @param {(source: string) => string} t
 * @param {(pxPerMm: number) => void} done gets device pixels per millimetre, which browser zoom does not change
 */
export function calibration(t, done) {
  const ratio = () => window.devicePixelRatio || 1;
  let by = "card";
  const label = make("span");
  const box = make("div", { class: "wb-card" }, label);
  const slider = make("input", { type: "range", min: 90, max: 900, step: 0.5, value: WIDTHS.card * GUESS, "aria-label": t("Width of the card") });
  const grow = () => {
    box.style.width = `${slider.value}px`;
    box.dataset.by = by;
    label.textContent = `${WIDTHS[by].toFixed(1)} mm`;
    means.show(by);
  };
  const step = (by) => button(by < 0 ? "−" : "+", { hint: t("Half a pixel"), name: by < 0 ? "narrower" : "wider", press: () => {
    slider.value = String(Number(slider.value) + by);
    grow();
  } });
  const means = choice([["card", t("Card")], ["short", t("Card, short side")], ["ruler", t("Ruler")]], { title: t("Measured with"), choose: (next) => {
    slider.value = String((Number(slider.value) / WIDTHS[by]) * WIDTHS[next]);
    by = next;
    grow();
  } });
  slider.addEventListener("input", grow);
  const dialog = make("div", { class: "wb-dialog", role: "dialog", "aria-label": t("Calibrate"), hidden: true });
  const close = () => (dialog.hidden = true);
  dialog.append(make("div", { class: "wb-help-box" },
    make("h3", {}, t("Calibrate this screen")),
    make("p", {}, t("Hold a bank or identity card, or a ruler, against the screen and move the slider until the box is exactly as wide. Once per screen; it is remembered for you.")),
    means.element, box, make("div", { class: "wb-slider" }, step(-0.5), slider, step(0.5)),
    make("div", { class: "wb-dialog-buttons" },
      button(t("Cancel"), { name: "cancel", press: close }),
      button(t("This is right"), {
        name: "save",
        press: () => {
          close();
          done((Number(slider.value) * ratio()) / WIDTHS[by]);
        },
      }))));
  return {
    element: dialog,
    get isOpen() { return !dialog.hidden; },
    open(pxPerMm) {
      if (by === "card" && window.innerWidth < WIDTHS.card * GUESS * 1.3) by = "short"; // a phone is narrower than a card is long
      slider.value = String(pxPerMm > 0 ? (pxPerMm * WIDTHS[by]) / ratio() : WIDTHS[by] * GUESS);
      grow();
      dialog.hidden = false;
      slider.focus();
    },
    close,
  };
}
