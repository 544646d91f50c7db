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
 * @param {(message: {kind: "link"}) => void} tell another window, what is done here
 */
export function linksOf(panes, linked, tell) {
  let leading = null; // of a move that is being passed on
  const others = (pane) => (linked() ? panes().filter((other) => other !== pane && other.state.greys) : []);
  const away = (message) => linked() && tell({ kind: "link", ...message });
  const turnTo = (pane, inverted) => pane.change((state) => (state.invert = Boolean(state.src.meta.invert) !== inverted));
  function lie(pane, place, from) {
    pane.state.stage.lie(placeOn(place, from, filmOf(pane)));
    pane.state.lay = JSON.stringify(pane.state.stage.place());
  }
  return {
    drag(pane, step) {
      [pane, ...others(pane)].forEach((one) => one.drag(step));
      away({ step });
    },
    invert(pane) {
      const inverted = !pane.inverted;
      for (const one of [pane, ...others(pane)]) turnTo(one, inverted);
      away({ inverted });
    },
    choose(pane, index) {
      pane.preset(index);
      const { vois, chosen } = pane.state.greys;
      for (const one of others(pane)) one.preset(likeChoice(vois, chosen, one.state.greys.vois));
      away({ vois: vois.map(({ preset, kind }) => ({ preset, kind })), chosen });
    },
    /** What another window did with its films. */
    hear({ step, inverted, vois, chosen, place, from }) {
      if (!linked()) return;
      for (const pane of panes().filter(({ state }) => state.greys)) {
        if (step) pane.drag(step);
        if (inverted !== undefined) turnTo(pane, inverted);
        if (vois) pane.preset(likeChoice(vois, chosen, pane.state.greys.vois));
        if (place) lie(pane, place, from);
      }
    },
    /** Called for every drawing: only the pane under the reader's hand leads. */
    moved(pane, chosen) {
      if (leading || pane !== chosen || !pane.state.greys || !linked()) return;
      const place = pane.state.stage.place();
      const key = JSON.stringify(place);
      if (pane.state.lay === key) return;
      pane.state.lay = key;
      leading = pane;
      try {
        for (const one of others(pane)) lie(one, place, filmOf(pane));
        away({ place, from: filmOf(pane) });
      } finally {
        leading = null;
      }
    },
  };
}
