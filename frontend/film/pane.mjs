/** One film in one part of the screen: preview at once, full depth behind it, its greys, its camera, its marks. */

import { make, notice } from "../page/elements.mjs";
import { fetchOwn, fill } from "../page/python.mjs";
import { painted, report } from "../page/timing.mjs";
import { asking } from "./asking.mjs";
import { evidence } from "./evidence.mjs";
import { percentileWindow, veil } from "./grey.mjs";
import { greysOf } from "./greys.mjs";
import { marksOf } from "./marks.mjs";
import { pixelSize } from "./measure.mjs";
import { overlay } from "./overlay.mjs";
import { magnifier, sampleAhead } from "./painting.mjs";
import { presetsOf } from "./presets.mjs";
import { sharpened } from "./sharpen.mjs";
import { openStage } from "./stage.mjs";

const HEAD_START = 250; // ms that a preview has the line for itself

/**
 * @typedef {{python: any, machine: any, engine: () => any, films: any, histories: Map<string, any>}} Viewer what all panes share
 * @param {Viewer} viewer
 * @param {{chosen: () => boolean, changed: () => void, dragged: (step: [number, number]) => void, moved: () => void}} heard
 *   chosen: whether the toolbar belongs to this pane; dragged: greys, to be passed on to linked panes too
 */
export function paneOf({ python, machine, engine, films, histories }, heard) {
  const t = python.text;
  const state = { src: null, base: null, greys: null, stage: null, invert: false, sharp: false, tool: "Grey", places: false, level: "", turn: 0, closed: false, warnings: [], lay: "" };
  const { element: noticeBox, say } = notice();
  const screen = make("div", { class: "wb-screen", "data-empty": "true", oncontextmenu: (event) => event.preventDefault() });
  const preview = make("canvas", { class: "wb-preview", hidden: true }); // an image element keeps every preview of a day decoded
  const band = make("div", { class: "wb-band", hidden: true });
  const over = overlay(t);
  const looked = evidence();
  const arrowWords = asking(t("Words of the arrow"));
  const element = make("div", { class: "wb-pane" }, screen, preview, looked.element, ...over.elements, band, arrowWords.element, noticeBox);
  let lens = null;
  let sharp = { of: null, picture: null };

  const marks = marksOf(python, { stage: () => state.stage, film: () => state.src, picture: () => state.base, shown: () => state.greys !== null,
    changed: () => words(), chosen: heard.chosen, histories });

  /** Values as they are shown; what is measured are those of `state.base`. */
  function displayed() {
    const { picture } = state.greys;
    if (!state.sharp) return veil(picture, state.invert);
    if (sharp.of !== picture) sharp = { of: picture, picture: sharpened(picture) };
    return veil(sharp.picture, state.invert);
  }
  /** Apply what `act` changed to the greys. */
  function change(act) {
    if (!state.greys) return;
    const before = displayed();
    act(state);
    if (displayed() !== before) state.stage.exchange(displayed());
    state.stage.greys(state.greys.range, state.invert);
    words();
  }
  const inverted = () => state.greys !== null && state.invert !== Boolean(state.src.meta.invert);

  function words() {
    const { greys, stage, src, level } = state;
    const orientation = greys ? stage.orientation() : { turned: 0, mirrored: false };
    const warnings = [];
    if (level === "preview") warnings.push(t("Preview, not for reading"));
    if (orientation.mirrored) warnings.push(t("Mirrored"));
    if (orientation.turned) warnings.push(fill(t("Turned {degrees}°"), { degrees: orientation.turned }));
    if (inverted()) warnings.push(t("Inverted"));
    if (greys && state.sharp) warnings.push(t("Sharpened"));
    const places = state.places ? src?.meta?.evidence ?? [] : [];
    if (greys && places.length > 0) warnings.push(t("Places by algorithm, for reference only"));
    looked.show(stage, places, greys && state.base);
    state.warnings = warnings;
    over.show({ src, greys, stage, orientation, marks: greys ? marks.list() : [] });
    band.textContent = src?.label ?? "";
    band.dataset.prior = String(Boolean(src?.prior));
    band.hidden = !src?.label;
    heard.changed();
  }

  function openViewport() {
    if (state.stage) return;
    state.stage = openStage(engine(), screen, {
      grey: (step) => state.greys && heard.dragged(step),
      lens: (at) => state.greys && lens.show(at, { picture: displayed(), range: state.greys.range }, state.invert),
      released: () => {
        lens.hide();
        setTimeout(() => state.closed || marks.settle()); // Cornerstone hears of the release after us
      },
      changed: marks.tell, ask: arrowWords.ask,
      lines: (tool, points) => (state.greys ? over.words.beside(tool, marks.values(tool, points), state.src.meta.spacing) : []),
    });
    lens = magnifier(state.stage);
    element.append(lens.element);
    state.stage.onDrawn(() => {
      if (!state.greys) return;
      words();
      heard.moved();
    });
    state.stage.use(state.tool);
  }
  function closeViewport() {
    state.stage?.close();
    lens?.element.remove();
    state.stage = lens = null;
  }

  /** Never leave one patient's film on the screen while another one's is on its way. */
  function wipe() {
    screen.dataset.empty = "true";
    preview.hidden = true;
    preview.width = preview.height = 0;
    arrowWords.stop();
    Object.assign(state, { base: null, greys: null, level: "", invert: false, sharp: false });
    sharp = { of: null, picture: null };
    state.stage?.empty();
    lens?.hide();
  }
  const gone = (turn) => state.closed || state.turn !== turn;
  async function shownAs(level, turn, began) {
    state.level = level;
    words();
    await painted();
    if (gone(turn) || state.level !== level) return null;
    return { id: state.src.id, stage: level, ms: performance.now() - began };
  }
  async function openPreview(blob, turn) {
    const bitmap = await createImageBitmap(blob);
    if (gone(turn) || state.level === "full") return false;
    Object.assign(preview, { width: bitmap.width, height: bitmap.height });
    preview.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    preview.hidden = false;
    return true;
  }
  async function openFull(src, turn) {
    const picture = await films.get(src);
    if (gone(turn)) return false;
    if (machine.tooLarge(picture)) machine.drawWithoutCard();
    openViewport();
    const invert = Boolean(src.meta.invert);
    const brought = src.meta.vois?.length ? src.meta.vois : [percentileWindow(picture)];
    const whole = brought.find(({ kind }) => kind === "PERCENTILE") ?? percentileWindow(picture);
    const greys = greysOf(picture, [...brought, ...presetsOf(whole, { part: src.meta.tags?.BodyPartExamined, invert })]);
    const drawn = new Promise((done) => screen.addEventListener("CORNERSTONE_IMAGE_RENDERED", done, { once: true }));
    await state.stage.show(src.id, veil(greys.picture, invert), src.meta.spacing, greys.range, invert);
    if (gone(turn)) return false;
    Object.assign(state, { base: picture, greys, invert });
    await drawn;
    if (gone(turn)) return false;
    screen.dataset.empty = "false";
    preview.hidden = true;
    say("");
    marks.opened();
    return true;
  }

  return {
    element, state, words, change, wipe, marks, say, closeViewport,
    /** Whether this film, as it lies on the server now, is on show or on its way. */
    holds: (src) => Boolean(state.src?.id) && state.src.id === src?.id && state.src.full_url === src.full_url && state.level !== "error",
    relabel(src) {
      state.src = src;
      words();
    },
    /**
     * Open a film, or nothing; `tell` hears of every stage that is seen.
     *
     * @param {any} src
     * @param {(stage: {id: string, stage: string, ms: number}) => void} tell
     * @returns {Promise<boolean>} whether it stands in full depth
     */
    async open(src, tell) {
      const began = performance.now();
      const turn = (state.turn += 1);
      state.src = src ?? null;
      wipe();
      words();
      if (!src?.id) {
        say(src?.empty ?? t("No film chosen"), "idle");
        return false;
      }
      say(t("Loading the film…"));
      const told = async (level) => {
        const seen = await shownAs(level, turn, began);
        if (seen) tell(seen);
        return seen !== null;
      };
      const small = src.preview_url && !films.isThere(src) ? fetchOwn(src.preview_url, t).then((answer) => answer.blob()) : Promise.resolve(null);
      const early = small.then((blob) => blob && openPreview(blob, turn)).then((seen) => seen && told("preview")).catch(() => undefined);
      if (!src.full_url) {
        await early;
        if (!gone(turn)) say(preview.hidden ? t("The film cannot be shown.") : t("Only the preview exists: not for reading"), "error");
        return false;
      }
      // the line brings the small one first, but waits for no slow one; a film that is on its way already is not held up
      if (!films.ids().includes(src.id)) await Promise.race([small.catch(() => undefined), new Promise((done) => setTimeout(done, HEAD_START))]);
      if (gone(turn)) return false;
      try {
        return (await openFull(src, turn)) && (await told("full"));
      } catch (error) {
        await early;
        if (gone(turn)) return false;
        const failed = preview.hidden ? t("The film cannot be shown.") : t("Full depth cannot be shown; this preview is not for reading.");
        say(`${failed} ${error.message}`, "error");
        state.level = "error";
        report("film", { shown: src.id, stage: "error" });
        return false;
      }
    },
    use(tool) {
      state.tool = tool;
      state.stage?.use(tool);
    },
    /** Show or hide where the screening looked. */
    point(on) {
      state.places = on;
      words();
    },
    /** Move the greys by a drag; Cornerstone draws once for each frame of the screen. */
    drag(step) {
      state.greys.drag(step);
      state.stage.greys(state.greys.range, state.invert);
    },
    /** Make a film ready that may come next, as this pane would show it. */
    ready(picture, spacing) {
      const { width, height } = state.stage.canvas();
      if (width > 0 && height > 0) sampleAhead(picture, pixelSize(spacing), width, height);
    },
    preset: (index) => change(({ greys }) => greys.choose(index)),
    get inverted() { return inverted(); },
    names: () => (state.greys ? over.names(state.greys.vois) : []),
    close() {
      state.closed = true;
      state.turn += 1;
      closeViewport();
      element.remove();
    },
  };
}
