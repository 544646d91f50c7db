/** Toolbar and keys of the film viewer. */

import { button, helpSheet, make, pressed, select, typing } from "../page/elements.mjs";

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
  const step = (name, label, hint, key) => button(label, { hint, key, name, press: act[name] });
  const invert = step("invert", t("Invert"), t("Black and white exchanged"), "I");
  const presets = select({ title: t("Way of showing the greys"), choose: (value) => preset(Number(value)) });
  const plain = step("plain", t("Ignore LUT"), t("Show without the curve of the maker"), "");
  const chips = make("span", { class: "wb-chips" });
  const help = helpSheet(t("Keys of the film viewer"), [
    ["W", t("Drag: brightness and contrast")], ["P", t("Move the film")], ["Z", t("Zoom")], ["L", t("Measure a length")],
    ["A", t("Measure an angle")], ["M", t("Magnifier")], ["I", t("Black and white exchanged")], ["T", t("Turn by 90 degrees")],
    ["H", t("Mirror left and right")], ["F", t("Fit the whole film")], ["1", t("One film pixel on one screen pixel")],
    ["R", t("Everything as at the start")], ["Delete", t("Remove the chosen or last measurement")], ["Esc", t("Back to the window tool")],
    [t("right button"), t("Zoom")], [t("middle button"), t("Move the film")], ["?", t("This list")],
  ]);
  const element = make("div", { class: "wb-bar", role: "toolbar", "aria-label": t("Film viewer") },
    make("span", { class: "wb-group" }, ...tools.values()), presets.element, plain,
    make("span", { class: "wb-group" }, invert, step("turn", t("Turn 90°"), t("Turn by 90 degrees"), "T"),
      step("flip", t("Mirror"), t("Mirror left and right"), "H")),
    make("span", { class: "wb-group" }, step("fit", t("Fit"), t("Fit the whole film"), "F"),
      step("one", "1:1", t("One film pixel on one screen pixel"), "1"), step("reset", t("Reset"), t("Everything as at the start"), "R")),
    step("remove", t("Delete"), t("Remove the chosen or last measurement"), "Delete"),
    make("span", { class: "wb-push" }), chips, button("?", { hint: t("Keys"), key: "?", name: "help", press: () => (help.hidden = !help.hidden) }));
  const keys = {
    w: () => use("Grey"), p: () => use("Pan"), z: () => use("Zoom"), l: () => use("Length"), a: () => use("Angle"), m: () => use("Lens"),
    i: act.invert, t: act.turn, h: act.flip, f: act.fit, 1: act.one, r: act.reset, Delete: act.remove, Backspace: act.remove,
    Escape: act.cancel, "?": () => (help.hidden = false),
  };
  return {
    element, help,
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
      const wasOpen = !help.hidden;
      help.hidden = true;
      const step = keys[event.key] ?? keys[event.key.toLowerCase()];
      if (!step && !wasOpen) return;
      event.preventDefault();
      if (!(wasOpen && (event.key === "?" || event.key === "Escape"))) step?.();
    },
    offer: (vois) => presets.fill(vois.map(({ name }, i) => [String(i), name])),
    show({ tool: name, chosen, inverted, hasCurve, plain: isPlain, warnings }) {
      tools.forEach((b, own) => pressed(b, own === name));
      presets.show(chosen);
      pressed(invert, inverted);
      plain.style.display = hasCurve ? "" : "none";
      pressed(plain, isPlain);
      chips.replaceChildren(...warnings.map((text) => make("span", { class: "wb-chip" }, text)));
    },
  };
}
