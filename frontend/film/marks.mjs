/** Marks of the film on show: what they say, what Python is told, steps back, what was kept before. */

import { wordsOf } from "./arrow.mjs";
import { historyOf } from "./history.mjs";
import { calibrationOf } from "./measure.mjs";
import { insideFilm, measured, MEASURES } from "./measures.mjs";

const REMEMBERED = 500; // numbers of marks of the film on show
const FILMS = 40; // whose marks stay in memory until Python gives them back

/**
 * @param {{get: (name: string) => any, tellSoon: (name: string, value: unknown, subject?: string) => void}} python
 * @param {{stage: () => any, film: () => any, picture: () => any, shown: () => boolean, changed: () => void, chosen: () => boolean,
 *   histories: Map<string, ReturnType<typeof historyOf>>}} pane histories: of every film, shared by all panes
 */
export function marksOf(python, { stage, film, picture, shown, changed, chosen, histories: films }) {
  let [history, given, touched] = [historyOf(), null, false];
  /** @type {Map<string, object[]>} an area over a whole film is summed once, not for each frame */
  const cached = new Map();

  const spacing = () => film()?.meta?.spacing;
  function values(tool, points) {
    const key = JSON.stringify([tool, points]);
    if (!cached.has(key)) {
      if (cached.size >= REMEMBERED) cached.clear();
      cached.set(key, measured(tool, points, spacing(), picture()));
    }
    return cached.get(key);
  }
  const finished = ({ tool, points, text }) => points.length === MEASURES[tool]?.points && (tool !== "ArrowAnnotate" || text !== "");
  const plain = () => (stage()?.annotations.list() ?? []).filter(finished).map((mark) => ({ ...mark, text: wordsOf(mark.text) }));
  function full(mark) {
    const numbers = values(mark.tool, mark.points);
    const first = numbers[0] ?? { value: null, unit: "" };
    return { ...mark, value: first.value, unit: first.unit, values: numbers, calibration: calibrationOf(spacing()) };
  }
  const measurable = ({ tool, values: numbers }) => tool === "ArrowAnnotate" || numbers.length > 0;
  const tellable = () => plain().map(full).filter(measurable);

  function tell() {
    if (shown() && chosen()) python.tellSoon("annotations", tellable());
  }
  /** Tell what the reader has made of the film, under the name of the film. */
  function edited() {
    touched = true;
    tell();
    python.tellSoon("marked", { id: film().id, marks: tellable() }, film().id);
    changed();
  }
  function settle() {
    if (!shown() || stage().annotations.busy()) return;
    const drawn = plain();
    const held = drawn.map((mark) => ({ ...mark, points: insideFilm(mark.tool, mark.points, picture()) }));
    const changedNow = history.keep(held);
    if (JSON.stringify(held) !== JSON.stringify(drawn)) stage().annotations.put(held);
    if (changedNow) edited();
  }
  function step(moved) {
    if (!shown() || !moved()) return;
    stage().annotations.put(history.now);
    edited();
  }
  /** Take marks that Python gives for the film on show, each delivery once: one of other films brings these along. */
  function take() {
    const delivery = (python.get("marks") ?? {})[film()?.id];
    const words = JSON.stringify(delivery);
    if (!shown() || !delivery || words === given) return;
    given = words;
    const saved = delivery.map(({ uid, tool, points, text = "" }) => ({ uid, tool, points, text })).filter(finished);
    if (touched) history.merge(saved);
    else films.set(film().id, (history = historyOf(saved)));
    stage().annotations.put(history.now);
    tell();
    changed();
  }

  return {
    values, tell, settle, take,
    list: () => plain().map(full),
    get canUndo() { return history.canUndo; },
    get canRedo() { return history.canRedo; },
    undo: () => step(() => history.undo()),
    redo: () => step(() => history.redo()),
    /** The film stands: put back what was on it. */
    opened() {
      [touched, given] = [false, null];
      cached.clear();
      const id = film().id;
      history = films.get(id) ?? historyOf();
      films.delete(id); // the newest last
      films.set(id, history);
      if (films.size > FILMS) films.delete(films.keys().next().value);
      stage().annotations.put(history.now);
      take();
      tell();
    },
    remove() {
      const uid = stage().annotations.last();
      if (!uid) return;
      stage().annotations.put(stage().annotations.list().filter((mark) => mark.uid !== uid));
      settle();
      tell();
    },
    /** Whatever is half drawn or half moved is as before. */
    cancel() {
      if (!stage()) return;
      stage().annotations.cancel();
      if (shown()) stage().annotations.put(history.now);
    },
  };
}
