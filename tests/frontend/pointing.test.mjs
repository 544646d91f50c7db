import assert from "node:assert/strict";
import test from "node:test";
import { partOf, spotsOf } from "../../frontend/ecg/pointing.mjs";

const TWELVE = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const SCALE = { speed: 25, seconds: 10 };
const cell = (lead, row, from, to, x0, more = {}) => ({ lead, row, from, to, x0, x1: x0 + (to - from) * 25, index: TWELVE.indexOf(lead), ...more });
const SHEET = { top: 5, rowHeight: 30, cells: [cell("I", 0, 0, 2.5, 10), cell("V1", 0, 5, 7.5, 140), cell("II", 1, 0, 2.5, 10), cell("II", 3, 0, 10, 10, { rhythm: true })] };
const MARKS = { p_on: 100, p_off: 200, qrs_on: 260, j: 350, t_end: 640 };

test("a stretch is marked in every cell it crosses, and only where it crosses it", () => {
  const spots = spotsOf(SHEET, { from_s: 2, to_s: 6, leads: [] }, SCALE);
  assert.deepEqual(spots.map(({ lead, x, width }) => [lead, x, width]), [["I", 60, 12.5], ["V1", 140, 25], ["II", 60, 12.5], ["II", 60, 100]]);
  assert.deepEqual([spots[2].y, spots[2].height], [35, 30]);
});

test("a stretch of named leads is marked in those alone", () => {
  assert.deepEqual(spotsOf(SHEET, { from_s: 2, to_s: 6, leads: ["V1", "V2"] }, SCALE).map(({ lead }) => lead), ["V1"]);
});

test("leads without a stretch, or with one of the whole recording, are marked whole", () => {
  for (const place of [{ leads: ["I"] }, { leads: ["I"], from_s: 0, to_s: 10 }, { leads: ["I"], from_s: null, to_s: null }]) {
    assert.deepEqual(spotsOf(SHEET, place, SCALE).map(({ lead, x, width }) => [lead, x, width]), [["I", 10, 62.5]]);
  }
});

test("what holds for the whole recording tints no paper, and a lead that was not recorded has no place", () => {
  assert.deepEqual(spotsOf(SHEET, { from_s: 0, to_s: 10, leads: [] }, SCALE), []);
  assert.deepEqual(spotsOf(SHEET, {}, SCALE), []);
  const gone = { ...SHEET, cells: [{ ...SHEET.cells[0], index: -1 }] };
  assert.deepEqual(spotsOf(gone, { leads: ["I"] }, SCALE), []);
});

test("on the averaged beat a mark is the part between its own marks", () => {
  assert.deepEqual(partOf("p", MARKS), { from: 100, to: 200 });
  assert.deepEqual(partOf("qrs", MARKS), { from: 260, to: 350 });
  assert.deepEqual(partOf("j", MARKS), { from: 350, to: 430 });
  assert.deepEqual(partOf("t", MARKS), { from: 430, to: 640 });
  assert.deepEqual(partOf("t", { ...MARKS, t_end: 410 }), { from: 380, to: 410 });
});

test("a part whose marks are not placed is not shown", () => {
  assert.equal(partOf("p", { ...MARKS, p_on: null }), null);
  assert.equal(partOf("t", { ...MARKS, t_end: null }), null);
  assert.equal(partOf("j", { ...MARKS, j: null }), null);
  assert.equal(partOf("", MARKS), null);
});
