/** Buttons of the median beat panel, and when each may be pressed. */

import { button, choice, make, pressed, select } from "../../page/elements.mjs";
import { fill } from "../../page/python.mjs";
import { GAINS, SPEEDS } from "./geometry.mjs";
import { MARKS } from "./history.mjs";

/**
 * @param {(source: string) => string} t
 * @param {Record<string, {short: string, long: string}>} names of the marks
 * @param {Record<"speed"|"gain"|"back"|"forth"|"reset"|"keep"|"withdraw"|"whole"|"close"|"add"|"make", (value?: any) => void>} act
 */
export function beatTools(t, names, act) {
  const speeds = choice(SPEEDS.map((v) => [String(v), String(v)]), { title: "mm/s", choose: (v) => act.speed(Number(v)) });
  const gains = select({ title: "mm/mV", choose: (v) => act.gain(v === "auto" ? null : Number(v)) });
  gains.fill([["auto", `${t("Auto")} mm/mV`], ...GAINS.map((v) => [String(v), `${v} mm/mV`])]);
  const undo = button("↶", { hint: t("Undo"), key: "Ctrl+Z", name: "undo", press: act.back });
  const redo = button("↷", { hint: t("Redo"), key: "Ctrl+Y", name: "redo", press: act.forth });
  const reset = button(t("Engine marks"), { hint: t("Put every mark where the engine had it"), name: "reset", press: act.reset });
  const keep = button(t("Keep measurement"), { name: "keep", press: act.keep });
  const withdraw = button(t("Withdraw"), { hint: t("Take the kept measurement back; the one before it holds again"), name: "withdraw", press: act.withdraw });
  const whole = button(t("Beat only"), { hint: t("Hide the paper while the beat is shown"), name: "whole", press: act.whole });
  const ask = button(t("Compute the averaged beat"), { hint: t("The tracing is screened again; report and marks stay as they are"), name: "make-beat", press: act.make });
  const missing = make("span", { class: "wb-group wb-missing" });
  const about = make("span", { class: "wb-dim wb-about" });
  const onlyWithBeat = [missing, undo, redo, reset, keep, withdraw];
  return {
    element: make("div", { class: "wb-bar" }, make("h3", {}, t("Median beat")), about, ask, make("span", { class: "wb-push" }), missing,
      make("span", {}, speeds.element, " mm/s"), gains.element,
      make("span", { class: "wb-group" }, undo, redo), reset, keep, withdraw, whole,
      button("✕", { hint: t("Close"), key: "Q", name: "close-beat", press: act.close })),
    say: (text) => (about.textContent = text),
    /** @param {{beat: boolean, ask: boolean, speed: number, gain: number|null, whole: boolean, live: object, why: Record<string, string>}} now */
    show({ beat, ask: offered, speed, gain, whole: alone, live, why }) {
      for (const one of onlyWithBeat) one.style.display = beat ? "" : "none";
      ask.style.display = offered ? "" : "none";
      pressed(whole, alone);
      speeds.show(speed);
      gains.show(gain ?? "auto");
      const absent = beat ? MARKS.filter((name) => live[name] === null) : [];
      missing.replaceChildren(...absent.map((name) => button(`+ ${names[name].short}`, {
        hint: fill(t("Put the mark {mark}; the engine: {why}"), { mark: names[name].long, why: why[name] || t("not found") }),
        name: `add-${name}`, press: () => act.add(name) })));
      missing.style.display = absent.length ? "" : "none";
    },
    /** @param {{back: boolean, forth: boolean, moved: boolean, asKept: boolean, kept: boolean, outdated: boolean, may: boolean, why: string}} can */
    allow({ back, forth, moved, asKept, kept, outdated, may, why }) {
      undo.disabled = !back;
      redo.disabled = !forth;
      reset.disabled = !moved;
      const again = asKept && outdated; // the marks are the reader's, the numbers are not those of this beat
      keep.disabled = (asKept && !again) || !may;
      keep.textContent = again ? t("Measure again with these marks") : t("Keep measurement");
      keep.ariaLabel = keep.textContent;
      keep.title = may ? t("Store these marks as your own measurement") : why || t("You cannot store a measurement here");
      withdraw.hidden = !kept || !may;
      withdraw.style.display = withdraw.hidden ? "none" : "";
    },
  };
}
