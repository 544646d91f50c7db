/** Measuring by hand: the calipers on the paper and the hands that draw them. */

import { caliperBook, endAt, endNear, place, snapToPeak } from "./calipers.mjs";
import { clean } from "./draw.mjs";
import { hands } from "./hands.mjs";
import { drawCaliper } from "./overlay.mjs";
import { cellAt, readCaliper } from "./paper.mjs";
import { reading } from "./sentences.mjs";

const LEAST = 0.5; // mm: a shorter drag is a click

/**
 * @param {{python: object, own: {march: boolean, snap: boolean}, state: object, over: HTMLCanvasElement, scale: () =>
 *   {speed: number, gain: number}, focus: () => void, move: object, changed: () => void}} viewer
 */
export function measuring({ python, own, state, over, scale, focus, move, changed }) {
  const book = caliperBook();
  let drag = null; // {cell, a, b, id?, end?}: being drawn, or an end being moved

  const pointOf = ({ clientX, clientY }) => {
    const box = over.getBoundingClientRect();
    return { x: (clientX - box.left + state.view.x) / state.px, y: (clientY - box.top + state.view.y) / state.px };
  };
  const readOf = ({ a, b, cell }) => readCaliper(state.sheet, scale(), a, b, cell);

  /** The end under the pointer: as it is, at the other end's height, or on the peak beside it. */
  function endUnder(cell, event, other) {
    const point = pointOf(event);
    const end = endAt(cell, point, scale());
    if (own.snap !== Boolean(event.altKey) && end.s >= cell.from && end.s <= cell.to) {
      const shown = state.tracing.filtered.leads[cell.index];
      const peak = snapToPeak(shown, state.tracing.rate, end.s);
      if (peak) return { s: peak.s, mv: event.shiftKey && other ? other.mv : cell.inverted ? -peak.mv : peak.mv };
    }
    return event.shiftKey && other ? { s: end.s, mv: other.mv } : end;
  }

  function draw() {
    if (!state.view || !state.sheet) return;
    const pen = clean(over, state.view);
    const { sheet, px, view } = state;
    const chosen = drag && !drag.id ? null : book.chosen;
    const all = [...book.list.map((one) => ({ at: place(sheet, one, scale()), chosen: one === chosen })), ...(drag && !drag.id ? [{ at: place(sheet, drag.caliper, scale()), chosen: true }] : [])];
    for (const { at, chosen: isChosen } of all) {
      if (!at) continue;
      const top = sheet.top + at.cell.row * sheet.rowHeight;
      const limits = { x0: sheet.left, x1: sheet.width, y0: top, y1: top + sheet.rowHeight };
      drawCaliper(pen, at, reading(readOf(at)), { px, chosen: isChosen, march: isChosen && own.march, limits, view });
    }
  }
  function tell() {
    const at = state.sheet && book.chosen && place(state.sheet, book.chosen, scale());
    const value = at ? readOf(at) : {};
    if (Object.keys(value).length || Object.keys(python.get("caliper") ?? {}).length) python.tell("caliper", value);
    draw();
    changed();
  }
  const after = (act) => () => {
    act();
    tell();
  };

  const letGo = hands(over, {
    begin(event, reach) {
      if (!state.sheet) return false;
      focus();
      const point = pointOf(event);
      const cell = cellAt(state.sheet, point.x, point.y) ?? state.sheet.cells.find((one) => one.index >= 0 && Math.abs(one.baseline - point.y) <= state.sheet.rowHeight / 2);
      if (!cell) return false;
      const a = endUnder(cell, event, null);
      // a finger hides what is under it: its caliper begins with a width that can be seen and taken by its ends
      const b = reach > 12 ? { s: Math.min(a.s + 0.2, cell.to), mv: a.mv } : a;
      drag = { cell, reach, caliper: { lead: cell.lead, rhythm: cell.rhythm, a, b } };
      draw();
      return true;
    },
    grab(event, reach) {
      if (!state.sheet) return false;
      const found = endNear(state.sheet, book, pointOf(event), scale(), reach / state.px);
      if (!found) return false;
      focus();
      const one = book.list.find((own) => own.id === found.id);
      drag = { ...found, cell: place(state.sheet, one, scale()).cell, begun: true };
      book.choose(found.id);
      draw();
      return true;
    },
    stretch(event) {
      if (!drag) return;
      if (drag.id) {
        const one = book.list.find((own) => own.id === drag.id);
        book.move(drag.id, { [drag.end]: endUnder(drag.cell, event, one[drag.end === "a" ? "b" : "a"]) }, drag.begun);
        drag.begun = false;
      } else drag.caliper.b = endUnder(drag.cell, event, drag.caliper.a);
      draw();
    },
    end() {
      const done = drag;
      drag = null;
      if (done && !done.id) {
        const at = place(state.sheet, done.caliper, scale());
        if (at && Math.hypot(at.b.x - at.a.x, at.b.y - at.a.y) >= LEAST) book.add(done.caliper);
        else book.choose(0);
      }
      tell();
    },
    tap(event, reach) {
      if (!state.sheet) return;
      focus();
      book.choose(endNear(state.sheet, book, pointOf(event), scale(), reach / state.px)?.id ?? 0);
      tell();
    },
    hover(event) {
      const near = event && state.sheet && endNear(state.sheet, book, pointOf(event), scale(), 8 / state.px);
      over.style.cursor = near ? "ew-resize" : "";
    },
    pan: move.pan,
    pinch: move.pinch,
  });

  return {
    draw,
    get count() { return book.list.length; },
    clear: after(book.removeAll),
    /** Another tracing: nothing measured on the last one may stay. */
    forget() {
      drag = null;
      book.forget();
      if (Object.keys(python.get("caliper") ?? {}).length) python.tell("caliper", {});
    },
    close: letGo,
    acts: { remove: after(() => book.remove()), undo: after(book.undo), redo: after(book.redo) },
  };
}
