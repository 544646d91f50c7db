import assert from "node:assert/strict";
import test from "node:test";
import { ahead } from "../../frontend/film/ahead.mjs";
import { edgesOf, onScreen, sideOf } from "../../frontend/film/letters.mjs";
import presets from "../../frontend/film/presets.json" with { type: "json" };
import vocabulary from "../../workbench/vocabulary/body_parts.json" with { type: "json" };
import { groupOf } from "../../frontend/film/parts.mjs";
import { presetsOf } from "../../frontend/film/presets.mjs";
import { fittedFrame } from "../../frontend/film/sample.mjs";
import { sharpened } from "../../frontend/film/sharpen.mjs";

test("letters stand at the edges of the stored film, and nothing is guessed", () => {
  assert.deepEqual(edgesOf("L\\F"), { top: "H", right: "L", bottom: "F", left: "R" });
  assert.deepEqual(edgesOf(["PL", "FA"]), { top: "HP", right: "PL", bottom: "FA", left: "AR" });
  for (const unknown of [undefined, "", "L", "\\F", "X\\F", "L\\FOOT", null]) assert.equal(edgesOf(unknown), null);
});

test("letters follow a turned and a mirrored film", () => {
  const edges = edgesOf("L\\F");
  const at = (turned, mirrored) => Object.values(onScreen(edges, { turned, mirrored })).join("");
  assert.equal(at(0, false), "HLFR"); // top, right, bottom, left
  assert.equal(at(90, false), "RHLF"); // clockwise: the head goes to the right
  assert.equal(at(180, false), "FRHL");
  assert.equal(at(270, false), "LFRH");
  assert.equal(at(0, true), "HRFL");
  assert.equal(at(90, true), "RFLH");
});

test("the side of the body comes from the picture before the series, and from nowhere else", () => {
  assert.equal(sideOf({ ImageLaterality: "l", Laterality: "R" }), "L");
  assert.equal(sideOf({ Laterality: "R " }), "R");
  assert.equal(sideOf({ Laterality: "LEFT" }), "");
  assert.equal(sideOf(undefined), "");
});

test("every part has windows, and every window exists", () => {
  const groups = new Set(Object.values(vocabulary.parts).map(({ group }) => group));
  for (const group of [...groups, "other"]) assert.ok(presets.groups[group].every((name) => presets.presets[name]));
  for (const group of ["chest", "limb", "spine", "pelvis", "abdomen", "skull"]) assert.ok(groups.has(group));
  assert.deepEqual([groupOf(" chest"), groupOf("KNEE"), groupOf("?"), groupOf(undefined)], ["chest", "limb", "other", "other"]);
  assert.ok(presets.source && presets.edition);
});

test("a window of a part is a share of the picture's own, seen from the dark end", () => {
  const whole = { center: 5000, width: 9900 };
  const range = ({ center, width }) => [center - width / 2, center + width / 2].map((v) => Math.round(v / 100));
  const [lung] = presetsOf(whole, { part: "CHEST" });
  assert.deepEqual([lung.preset, lung.kind, ...range(lung)], ["lung", "LINEAR_EXACT", 5, 90]);
  assert.deepEqual(range(presetsOf(whole, { part: "CHEST", invert: true })[0]), [10, 95]);
});

test("sharpening steepens an edge, leaves flat parts and the range alone, and touches no value of the film", () => {
  const values = Uint16Array.from({ length: 20 * 8 }, (_, i) => (i % 20 < 10 ? 1000 : 3000));
  const film = { rows: 8, columns: 20, values, min: 500, max: 4000 };
  const before = values.slice();
  const { values: out } = sharpened(film);
  assert.deepEqual(values, before);
  // five pixels wide: beside the edge two of five (then one of five) are the other side's
  assert.deepEqual([...out.slice(20 * 4 + 6, 20 * 4 + 14)], [1000, 1000, 600, 500, 3800, 3400, 3000, 3000]);
  const hidden = new Uint8Array(values.length).fill(1);
  assert.deepEqual(sharpened({ ...film, hidden }).values, before);
  const signed = { rows: 1, columns: 7, values: Int16Array.from([-5, -5, -5, 5, 5, 5, 5]), min: -20, max: 20 };
  assert.ok(sharpened(signed).values.some((v) => v < -5));
});

test("two exams are fetched ahead, bounded by their pixels, and the very next always", () => {
  const film = (id, side) => ({ id, meta: { rows: side, columns: side } });
  const ids = (coming, shown) => ahead(coming, shown).map(({ id }) => id).join("");
  assert.equal(ids("abcdefgh".split("").map((id) => film(id, 10)), []), "abcdef");
  assert.equal(ids("abcdef".split("").map((id) => film(id, 3500)), [film("z", 3500)]), "abc");
  assert.equal(ids([film("a", 9000), film("b", 10)], []), "a");
  assert.equal(ids([{ id: "a" }, { id: "b" }], []), "ab");
});

test("a whole film lies in the middle of the screen, in millimetres and not in pixels", () => {
  const film = { rows: 100, columns: 100 };
  // 200 x 400 mm on 400 x 400 samples: one sample is a millimetre, half a column and a quarter row
  const { x, y, across, down } = fittedFrame(film, [2, 4], 400, 400);
  assert.deepEqual([across, down], [[0.5, 0], [0, 0.25]]);
  assert.equal(y, -0.5 + 0.125, "the first sample is in the first row");
  assert.equal(x + 100 * 0.5, -0.5 + 0.25, "a quarter of the screen is free on each side");
});
