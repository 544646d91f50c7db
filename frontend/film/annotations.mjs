/** What is drawn on the film of one viewport, between Cornerstone's annotations and plain marks. */

import { annotation, cancelActiveManipulations, utilities } from "@cornerstonejs/tools";
import { DRAWING } from "./tools.mjs";

const NAMES = Object.keys(DRAWING);
const THOUSANDTH = 1000; // of a pixel: finer than any hand, coarse enough to come back the same after saving
const round = (v) => Math.round(v * THOUSANDTH) / THOUSANDTH;

/**
 * @param {{own: string, view: any, tools: any, element: HTMLElement, imageId: () => string|null, size: () => [number, number]}} stage
 */
export function annotationsOn({ own, view, tools, element, imageId, size }) {
  const state = annotation.state;
  /** @type {Map<string, number>} order in which marks were made; Cornerstone sorts by tool */
  const made = new Map();
  const order = (uid) => made.get(uid) ?? made.set(uid, made.size).get(uid);
  const mine = () => state.getAllAnnotations().filter((a) => a.metadata?.referencedImageId?.startsWith(`wbfilm:${own}:`));
  const here = () => {
    const found = mine().filter((a) => a.metadata.referencedImageId === imageId());
    found.forEach((a) => order(a.annotationUID));
    return found.sort((a, b) => order(a.annotationUID) - order(b.annotationUID));
  };
  const pixels = (points) => {
    const [x, y] = size();
    return points.map((p) => [round(p[0] / x), round(p[1] / y)]);
  };
  const world = (points) => {
    const [x, y] = size();
    return points.map((p) => [p[0] * x, p[1] * y, 0]);
  };
  const drop = (list) => list.forEach((a) => state.removeAnnotation(a.annotationUID));

  return {
    pixels,
    list: () => here().map((a) => ({ uid: a.annotationUID, tool: a.metadata.toolName, points: pixels(a.data.handles.points), text: a.data.label ?? "" })),
    /** Whether something is being drawn or moved right now. */
    busy: () => NAMES.some((name) => tools.getToolInstance(name)?.editData),
    /** Have just these marks on the film. */
    put(marks) {
      const wanted = new Set(marks.map(({ uid }) => uid));
      drop(here().filter((a) => !wanted.has(a.annotationUID)));
      const known = new Map(here().map((a) => [a.annotationUID, a]));
      made.clear();
      for (const { uid, tool, points, text = "" } of marks) {
        order(uid);
        const old = known.get(uid);
        if (old) {
          old.data.handles.points = world(points);
          old.data.label = text;
          old.invalidated = true;
          continue;
        }
        state.addAnnotation(DRAWING[tool].createAnnotationForViewport(view, { annotationUID: uid, highlighted: false, invalidated: true,
          data: { label: text, cachedStats: {}, handles: { points: world(points), activeHandleIndex: null, arrowFirst: true } } }), element);
      }
      utilities.triggerAnnotationRenderForViewportIds([view.id]);
    },
    /** Uid of the chosen mark, else of the newest. */
    last: () => (here().filter((a) => annotation.selection.isAnnotationSelected(a.annotationUID)).at(-1) ?? here().at(-1))?.annotationUID,
    cancel: () => cancelActiveManipulations(element),
    clear: () => drop(mine()),
  };
}
