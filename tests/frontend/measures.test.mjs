import assert from "node:assert/strict";
import test from "node:test";
import { wordsOf } from "../../frontend/film/arrow.mjs";
import { curvesOf } from "../../frontend/film/cobb.mjs";
import { legsDiffer } from "../../frontend/film/limb.mjs";
import { calibrationOf } from "../../frontend/film/measure.mjs";
import { insideFilm, measured, MEASURES } from "../../frontend/film/measures.mjs";
import { rectangleOf } from "../../frontend/film/roi.mjs";
import { golden } from "./golden.mjs";

const GOLDEN = golden("film_measures").cases;
const SQUARE = { row_mm: 0.2, column_mm: 0.2, kind: "detector", note: "millimetres at the detector" };
const numbered = () => ({ rows: 10, columns: 10, values: Uint16Array.from({ length: 100 }, (_, i) => i) });

GOLDEN.forEach(({ tool, points, spacing, values }, i) => test(`golden measure ${i}: ${tool}`, () => {
  const got = measured(tool, points, spacing, numbered());
  assert.deepEqual(got.map(({ name, unit }) => [name, unit]), values.map(([name, , unit]) => [name, unit]));
  got.forEach(({ value }, k) => assert.ok(Math.abs(value - values[k][1]) < 1e-6, `${value} instead of ${values[k][1]}`));
}));

test("every tool has a golden measure, and none is measured before it is finished", () => {
  assert.deepEqual(new Set(GOLDEN.map(({ tool }) => tool)), new Set(Object.keys(MEASURES)));
  for (const tool of Object.keys(MEASURES)) assert.deepEqual(measured(tool, [[0, 0]], SQUARE, numbered()), []);
  assert.deepEqual(measured("Script", [[0, 0], [1, 1]], SQUARE, numbered()), []);
});

test("what cannot be measured is left out, never a zero", () => {
  const flat = [[5, 5], [5, 5], [0, 9], [9, 9]];
  assert.deepEqual(measured("Cobb", flat, SQUARE), []);
  assert.deepEqual(measured("CTR", [[0, 0], [4, 0], [5, 5], [5, 5]], SQUARE).map(({ name }) => name), ["thorax"]);
  const beside = [[20, 20], [30, 20], [20, 30], [30, 30]];
  assert.deepEqual(measured("RectangleROI", beside, SQUARE, numbered()).map(({ name }) => name), ["area", "width", "height"]);
});

test("areas leave out what is no picture, and keep their digits on large values", () => {
  const picture = { ...numbered(), hidden: new Uint8Array(100) };
  picture.hidden[11] = picture.hidden[21] = 1;
  const points = [[1, 1], [3, 1], [1, 2], [3, 2]];
  assert.equal(rectangleOf(points, SQUARE, picture)[0].value, (12 + 13 + 22 + 23) / 4);
  const side = 1000;
  const even = { rows: side, columns: side, values: Uint16Array.from({ length: side * side }, (_, i) => 65000 + (i % 2)) };
  const [mean, sd] = rectangleOf([[0, 0], [side, side]], SQUARE, even);
  assert.ok(Math.abs(mean.value - 65000.5) < 1e-6 && Math.abs(sd.value - 0.5) < 1e-6);
});

test("a calibration keeps what the file said, and the factor that the spacing was divided by", () => {
  assert.deepEqual(calibrationOf(SQUARE), { ...SQUARE, factor: null });
  const divided = { row_mm: 0.1, column_mm: 0.1, kind: "calibrated", note: "detector spacing / 1.25" };
  assert.equal(calibrationOf(divided).factor, 1.25);
  assert.equal(calibrationOf({ ...divided, factor: 1.3 }).factor, 1.3);
  const pixelsAlone = { row_mm: 0.1, column_mm: 0.1, kind: "unknown", note: "no word on calibration" };
  assert.deepEqual(calibrationOf(pixelsAlone), { ...pixelsAlone, factor: null });
  assert.deepEqual(calibrationOf({ kind: "detector", row_mm: null, column_mm: null }), { kind: "unknown", row_mm: null, column_mm: null, note: "", factor: null });
  assert.equal(calibrationOf(undefined).kind, "unknown");
});

test("curves of a spine come from the top, with the side they bulge to and the largest named", () => {
  // down the spine to the right, back to the left: the plates open to the right
  const right = { uid: "r", points: [[0, 110], [100, 90], [0, 290], [100, 310]] };
  const left = { uid: "l", points: [[100, 680], [0, 720], [100, 520], [0, 480]] }; // drawn backwards, lower line first
  const found = curvesOf([left, right], SQUARE);
  assert.deepEqual(found.map(({ uid, convex, main }) => [uid, convex, main]), [["r", "right", false], ["l", "left", true]]);
  assert.ok(Math.abs(found[0].value - 2 * (Math.atan(0.2) * 180) / Math.PI) < 1e-9);
  assert.deepEqual(curvesOf([{ uid: "p", points: [[0, 0], [9, 0], [0, 5], [9, 5]] }], SQUARE)[0], { uid: "p", value: 0, convex: "", main: true });
  assert.deepEqual(curvesOf([], SQUARE), []);
});

test("legs are compared when there are two", () => {
  const leg = (column, ankle) => ({ points: [[column, 0], [column, 2000], [column, ankle]] });
  assert.deepEqual(legsDiffer([leg(0, 4000), leg(900, 4050)], SQUARE), { value: 10, unit: "mm-detector" });
  assert.equal(legsDiffer([leg(0, 4000)], SQUARE), null);
});

test("words of an arrow are one short line", () => {
  assert.equal(wordsOf("  Knochen\n\tsporn "), "Knochen sporn");
  assert.equal([...wordsOf("骨".repeat(300))].length, 200);
  assert.equal(wordsOf(undefined), "");
});

test("points beside the film are moved onto its edge, and an ellipse stays one", () => {
  const film = { rows: 10, columns: 20 };
  assert.deepEqual(insideFilm("Length", [[-3, 4], [25, 12]], film), [[-0.5, 4], [19.5, 9.5]]);
  assert.deepEqual(insideFilm("EllipticalROI", [[10, 14.5], [10, 3.5], [5, 9], [15, 9]], film), [[10, 9.5], [10, 3.5], [5, 6.5], [15, 6.5]]);
  const lying = [[5, 4], [15, 4], [10, 1], [10, 7]];
  assert.deepEqual(insideFilm("EllipticalROI", lying, film), lying);
});
