/** Toolbar and keys of the film viewer; which key does what and why: docs/decisions/0008-film-keys.md. */

import { button, helpSheet, make, pressed, select, typing } from "../page/elements.mjs";
import { NAMES } from "./layouts.mjs";

/**
 * @param {(source: string) => string} t
 * @param {{use: (tool: string) => void, preset: (index: number) => void, act: Record<string, () => void>}} viewer
 */
export function controls(t, { use, preset, act }) {
  const tool = (name, label, hint, key) => [name, button(label, { hint, key, name, press: () => use(name) })];
  const tools = new Map([
    tool("Grey", t("Window"), t("Drag: brightness and contrast"), "W"),
    tool("Pan", t("Pan"), t("Move the film"), "P"),
    tool("Zoom", t("Zoom"), t("Drag up or down; the wheel always works"), "Z"),
    tool("Length", t("Length"), t("Measure a length"), "L"),
    tool("Angle", t("Angle"), t("Measure an angle"), "A"),
    tool("Lens", t("Magnifier"), t("Press and move"), "M"),
  ]);
  /** The other measurements, in one list: a county's screen is 1280 wide. */
  const MORE = [
    ["Cobb", t("Cobb angle"), t("Cobb angle: along one end plate, then along the other"), "C"],
    ["CTR", t("Heart to thorax"), t("Heart to thorax: across the heart, then across the inner thorax"), "X"],
    ["RectangleROI", t("Rectangle"), t("Mean and SD in a rectangle"), "R"],
    ["EllipticalROI", t("Ellipse"), t("Mean and SD in an ellipse"), "E"],
    ["Bidirectional", t("Two diameters"), t("Longest diameter and the one across"), "B"],
    ["LimbLength", t("Leg length"), t("Leg: hip, drag to the knee, then the ankle"), "G"],
    ["ArrowAnnotate", t("Arrow with words"), t("Arrow with words; a double click changes them"), "V"],
  ];
  const step = (name, label, hint, key) => button(label, { hint, key, name, press: act[name] });
  const invert = step("invert", t("Invert"), t("Black and white exchanged"), "I");
  const sharpen = step("sharpen", t("Sharpen"), t("Sharpen the edges, for looking only"), "S");
  const [undo, redo] = [step("undo", "↶", t("Undo"), "Ctrl+Z"), step("redo", "↷", t("Redo"), "Ctrl+Y")];
  const more = select({ title: t("More measurements"), choose: (value) => {
    more.element.blur(); // the keys belong to the film again
    use(value || "Grey");
  } });
  more.fill([["", t("More measurements")], ...MORE.map(([name, label, , key]) => [name, `${label}  ${key}`])]);
  more.element.dataset.name = "more";
  const presets = select({ title: t("Way of showing the greys"), choose: (value) => preset(Number(value)) });
  presets.element.dataset.name = "greys";
  const layouts = select({ title: t("Films beside each other"), choose: (value) => {
    layouts.element.blur();
    act.lay(value);
  } });
  layouts.fill(NAMES.map((name) => [name, name.replace("x", "×")]));
  layouts.element.dataset.name = "layout";
  const compare = step("compare", t("Earlier film"), t("Earlier film beside this one"), "O");
  const link = step("link", t("Linked"), t("Window, place and enlargement of all films together"), "Y");
  const monitor = step("second", t("Second screen"), t("Second window, for another monitor"), "U");
  const together = make("span", { class: "wb-group" }, compare, link, monitor);
  const places = step("places", t("Places"), t("Where the screening looked"), ".");
  const plain = step("plain", t("Ignore LUT"), t("Show without the curve of the maker"), "");
  let offered = "";
  const chips = make("span", { class: "wb-chips" });
  const help = helpSheet(t("Keys of the film viewer"), [
    ["W", t("Drag: brightness and contrast")], ["P", t("Move the film")], ["Z", t("Zoom")], ["L", t("Measure a length")],
    ["A", t("Measure an angle")], ...MORE.map(([, , hint, key]) => [key, hint]), ["M", t("Magnifier")], ["I", t("Black and white exchanged")],
    ["D", t("Next way of showing the greys")], ["S", t("Sharpen the edges, for looking only")], ["T", t("Turn by 90 degrees")],
    ["H", t("Mirror left and right")], ["F", t("Fit the whole film")], ["1", t("One film pixel on one screen pixel")],
    ["0", t("Everything as at the start")], ["O", t("Earlier film beside this one")], ["Q", t("One, two or four films")],
    ["Y", t("Window, place and enlargement of all films together")], ["U", t("Second window, for another monitor")], ["J", t("Next film on the screen")], ["Ctrl+Z", t("Undo")], ["Ctrl+Y", t("Redo")], ["Delete", t("Remove the chosen or last measurement")],
    ["Esc", t("Back to the window tool")], [t("right button"), t("Zoom")], [t("middle button"), t("Move the film")],
    [t("two fingers"), t("Zoom and move the film")], [".", t("Where the screening looked")], ["?", t("This list")],
  ]);
  const element = make("div", { class: "wb-bar", role: "toolbar", "aria-label": t("Film viewer") },
    make("span", { class: "wb-group" }, ...tools.values()), more.element,
    make("span", { class: "wb-group" }, undo, redo, step("remove", t("Delete"), t("Remove the chosen or last measurement"), "Delete")),
    presets.element, plain, places, together, layouts.element,
    make("span", { class: "wb-group" }, invert, sharpen, step("turn", t("Turn 90°"), t("Turn by 90 degrees"), "T"),
      step("flip", t("Mirror"), t("Mirror left and right"), "H")),
    make("span", { class: "wb-group" }, step("fit", t("Whole film"), t("Fit the whole film"), "F"),
      step("one", "1:1", t("One film pixel on one screen pixel"), "1"), step("reset", t("Reset"), t("Everything as at the start"), "0")),
    make("span", { class: "wb-push" }), chips, button("?", { hint: t("Keys"), key: "?", name: "help", press: () => (help.hidden = !help.hidden) }));
  const keys = {
    w: () => use("Grey"), p: () => use("Pan"), z: () => use("Zoom"), l: () => use("Length"), a: () => use("Angle"), m: () => use("Lens"),
    ...Object.fromEntries(MORE.map(([name, , , key]) => [key.toLowerCase(), () => use(name)])),
    i: act.invert, d: act.next, s: act.sharpen, t: act.turn, h: act.flip, f: act.fit, o: act.compare, q: act.layout, y: act.link, u: act.second, j: act.pane, ".": act.places, 1: act.one, 0: act.reset, Home: act.reset,
    Delete: act.remove, Backspace: act.remove, Escape: () => undefined, "?": () => (help.hidden = false),
  };
  const held = { z: (event) => (event.shiftKey ? act.redo() : act.undo()), y: () => act.redo() };
  return {
    element, help,
    onKey(event) {
      if (event.altKey || typing(event)) return;
      if (event.ctrlKey || event.metaKey) {
        const answer = held[event.key.toLowerCase()];
        if (!answer) return;
        event.preventDefault();
        answer(event);
        return;
      }
      const wasOpen = !help.hidden;
      help.hidden = true;
      const answer = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (!answer && !wasOpen) return;
      if (event.key === "Escape" && !wasOpen) {
        if (act.cancel()) event.preventDefault(); // nothing to be given up here: the page may leave the earlier exam
        return;
      }
      event.preventDefault();
      if (!(wasOpen && (event.key === "?" || event.key === "Escape"))) answer?.();
    },
    offer(vois) {
      const names = JSON.stringify(vois);
      if (names === offered) return; // asked with every frame
      offered = names;
      presets.fill(vois.map(({ name }, i) => [String(i), name]));
    },
    show({ tool: name, chosen, inverted, sharp, hasCurve, plain: isPlain, warnings, canUndo, canRedo, layout, linked, second, comparable, comparing, places: shown }) {
      tools.forEach((b, own) => pressed(b, own === name));
      more.show(MORE.some(([own]) => own === name) ? name : "");
      presets.show(chosen);
      pressed(invert, inverted);
      pressed(sharpen, sharp);
      plain.style.display = hasCurve ? "" : "none";
      pressed(plain, isPlain);
      places.style.display = shown === null ? "none" : "";
      pressed(places, Boolean(shown));
      layouts.show(layout);
      compare.style.display = comparable || comparing ? "" : "none";
      pressed(compare, comparing);
      link.style.display = layout === "1x1" && second === false ? "none" : "";
      monitor.style.display = layouts.element.style.display = second === null ? "none" : "";
      pressed(monitor, second);
      pressed(link, linked);
      undo.disabled = !canUndo;
      redo.disabled = !canRedo;
      chips.replaceChildren(...warnings.map((text) => make("span", { class: "wb-chip" }, text)));
    },
  };
}
