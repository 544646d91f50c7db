/** What linked panes have in common: greys step by step, the place on the film, the enlargement. */

import { hasMillimetres, pixelSize } from "./measure.mjs";

/**
 * Where a film of other size has to lie so that it shows what another one shows.
 *
 * @param {{at: [number, number], scale: number}} place film pixel in the middle of the screen and CSS pixels for each
 * @param {{rows: number, columns: number, spacing: any}} from
 * @param {{rows: number, columns: number, spacing: any}} to
 * @returns {{at: [number, number], scale: number}} the same share of the film in the middle; as many CSS pixels for a
 *   millimetre where both films have such of the same kind, else for the whole film
 */
export function placeOn({ at, scale }, from, to) {
  const same = hasMillimetres(from.spacing) && hasMillimetres(to.spacing) && from.spacing.kind === to.spacing.kind;
  const times = same ? pixelSize(to.spacing)[0] / pixelSize(from.spacing)[0] : from.columns / to.columns;
  return { at: [((at[0] + 0.5) / from.columns) * to.columns - 0.5, ((at[1] + 0.5) / from.rows) * to.rows - 0.5], scale: scale * times };
}

/** The way of showing that another film chose, among those of this one: by name for a part of the body, else by its order. */
export function likeChoice(theirs, chosen, mine) {
  const { preset, kind } = theirs[chosen];
  const at = mine.findIndex((voi) => (preset ? voi.preset === preset : !voi.preset && voi.kind === kind));
  return at < 0 ? 0 : at;
}

const filmOf = ({ state }) => ({ rows: state.base.rows, columns: state.base.columns, spacing: state.src.meta.spacing });

/**
 * @param {() => any[]} panes those on show
 * @param {() => boolean} linked
 */
export function linksOf(panes, linked) {
  let leading = null; // of a move that is being passed on
  const others = (pane) => (linked() ? panes().filter((other) => other !== pane && other.state.greys) : []);
  return {
    drag(pane, step) {
      [pane, ...others(pane)].forEach((one) => one.drag(step));
    },
    invert(pane) {
      const inverted = !pane.inverted;
      for (const one of [pane, ...others(pane)]) one.change((state) => (state.invert = Boolean(state.src.meta.invert) !== inverted));
    },
    choose(pane, index) {
      pane.preset(index);
      const { vois, chosen } = pane.state.greys;
      for (const one of others(pane)) one.preset(likeChoice(vois, chosen, one.state.greys.vois));
    },
    /** Called for every drawing: only the pane under the reader's hand leads. */
    moved(pane, chosen) {
      if (leading || pane !== chosen || !pane.state.greys || others(pane).length === 0) return;
      const place = pane.state.stage.place();
      const key = JSON.stringify(place);
      if (pane.state.lay === key) return;
      pane.state.lay = key;
      leading = pane;
      try {
        for (const one of others(pane)) {
          one.state.stage.lie(placeOn(place, filmOf(pane), filmOf(one)));
          one.state.lay = JSON.stringify(one.state.stage.place());
        }
      } finally {
        leading = null;
      }
    },
  };
}
