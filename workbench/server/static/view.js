/** Two fingers, wheel, double tap and buttons enlarge the film inside its frame; without this script it lies there whole. */

"use strict";

const MOST = 8; // times
const TAPS = 300; // ms between two taps that belong together
const STEP = 1.6;

for (const figure of document.querySelectorAll(".film")) {
  const stage = figure.querySelector(".stage");
  const svg = figure.querySelector("svg");
  const marks = figure.querySelector(".marks");
  const [left, top, width, height] = svg.dataset.box.split(" ").map(Number);
  const letters = Number(svg.dataset.letters);
  const view = { x: left, y: top, scale: 1 };
  const fingers = new Map();
  let tapped = 0;

  figure.querySelector(".tools").hidden = false;
  const shown = figure.querySelector("image");
  const broken = () => { figure.querySelector(".broken").hidden = false; };
  shown.addEventListener("error", broken);

  function show() {
    const [w, h] = [width / view.scale, height / view.scale];
    view.x = Math.min(Math.max(view.x, left), left + width - w);
    view.y = Math.min(Math.max(view.y, top), top + height - h);
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
    marks.setAttribute("font-size", letters / view.scale); // words stay as large as they are on the screen
    stage.classList.toggle("near", view.scale > 1);
    svg.dataset.scale = view.scale;
  }

  /** Where a point of the screen lies on the film. */
  function on(clientX, clientY) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  /** Enlarge so that what is under a point stays under it. */
  function enlarge(factor, clientX, clientY) {
    const scale = Math.min(Math.max(view.scale * factor, 1), MOST);
    const [x, y] = on(clientX, clientY);
    const by = view.scale / scale;
    [view.x, view.y, view.scale] = [x - (x - view.x) * by, y - (y - view.y) * by, scale];
    show();
  }

  function middle() {
    const box = svg.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  const spread = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const between = (all) => [all.reduce((sum, p) => sum + p[0], 0) / all.length, all.reduce((sum, p) => sum + p[1], 0) / all.length];

  stage.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size > 1 || view.scale > 1) stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const now = [...fingers.values()];
    if (now.length === 1 && view.scale === 1) return; // the page scrolls
    const [from, to] = [between(before), between(now)];
    const [start, end] = [on(...from), on(...to)];
    [view.x, view.y] = [view.x + start[0] - end[0], view.y + start[1] - end[1]];
    show();
    if (now.length === 2 && spread(before) > 0) enlarge(spread(now) / spread(before), ...to);
  });
  const lifted = (event) => fingers.delete(event.pointerId);
  stage.addEventListener("pointercancel", lifted);
  stage.addEventListener("pointerup", (event) => {
    const alone = fingers.size === 1;
    lifted(event);
    const again = event.timeStamp - tapped < TAPS;
    tapped = alone ? event.timeStamp : 0;
    if (!alone || !again) return;
    tapped = 0;
    enlarge(view.scale > 1 ? 1 / MOST : 3, event.clientX, event.clientY);
  });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && view.scale === 1) return; // the page scrolls
    event.preventDefault();
    enlarge(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX, event.clientY);
  }, { passive: false });

  const acts = {
    in: () => enlarge(STEP, ...middle()),
    out: () => enlarge(1 / STEP, ...middle()),
    fit: () => enlarge(1 / MOST, ...middle()),
    marks: (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      marks.toggleAttribute("hidden", !on);
    },
  };
  figure.querySelector(".tools").addEventListener("click", ({ target }) => acts[target.dataset.do]?.(target));
}
