/** The draggable marks over the beat: for mouse, touch and keyboard alike. */

import { make } from "../../page/elements.mjs";
import { MARKS } from "./history.mjs";
import { msAt, xOf } from "./geometry.mjs";

const ROW = 22; // px; neighbouring tags stand on rows of their own, so that none covers another
const ROWS = { p_on: 0, p_off: 1, qrs_on: 2, j: 0, t_end: 1 };

/**
 * @param {{names: Record<string, {short: string, long: string}>, act: {begin: (name: string) => void, drag: (name: string, ms: number) => void, end: (name: string) => void,
 *   step: (name: string, samples: number) => void, remove: (name: string) => void, focus: (name: string|null) => void}}} wish
 */
export function handles({ names, act }) {
  const layer = make("div", { class: "wb-marks" });
  let panel = null;
  let dragging = null;
  const elements = Object.fromEntries(MARKS.map((name) => {
    const tag = make("span", { class: "wb-tag", style: `top:${2 + ROWS[name] * ROW}px` }, names[name].short);
    const element = make("div", {
      class: "wb-mark", role: "slider", tabIndex: 0, "data-mark": name, "aria-label": names[name].long, title: names[name].long,
    }, tag);
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      element.setPointerCapture(event.pointerId);
      element.focus({ preventScroll: true });
      dragging = { name, aside: event.clientX - left() - xOf(panel, Number(element.dataset.ms)) * panel.px };
      act.begin(name);
    });
    element.addEventListener("pointermove", (event) => {
      if (dragging?.name !== name) return;
      act.drag(name, msAt(panel, (event.clientX - left() - dragging.aside) / panel.px));
    });
    const end = () => {
      if (dragging?.name !== name) return;
      dragging = null;
      act.end(name);
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    element.addEventListener("focus", () => act.focus(name));
    element.addEventListener("blur", () => act.focus(null));
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) act.step(name, way * (event.shiftKey ? 5 : 1));
      else if (event.key === "Delete" || event.key === "Backspace") act.remove(name);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    layer.append(element);
    return [name, element];
  }));
  const left = () => layer.getBoundingClientRect().left;
  return {
    layer,
    dragging: () => dragging !== null,
    focus: (name) => elements[name].focus({ preventScroll: true }),
    /** Put every mark at its place; a missing one is not there. */
    place(now, marks, say) {
      panel = now;
      for (const [name, element] of Object.entries(elements)) {
        const ms = marks[name];
        element.hidden = ms === null || ms === undefined;
        if (element.hidden) continue;
        element.style.left = `${xOf(panel, ms) * panel.px}px`;
        element.dataset.ms = String(ms);
        for (const [key, value] of [["valuemin", 0], ["valuemax", panel.ms], ["valuenow", ms], ["valuetext", say(ms)]]) {
          element.setAttribute(`aria-${key}`, String(value));
        }
      }
    },
  };
}
