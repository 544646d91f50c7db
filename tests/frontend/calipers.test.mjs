import assert from "node:assert/strict";
import test from "node:test";
import { arrange, layoutFor } from "../../frontend/ecg/arrange.mjs";
import { caliperBook, endAt, endNear, place, snapToPeak } from "../../frontend/ecg/calipers.mjs";
import { cellAt, layOut, readCaliper, sheetWidth } from "../../frontend/ecg/paper.mjs";

const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const sheet = (more = {}) => layOut({ layout: "3x4+1", leads: LEADS, seconds: 10, speed: 25, gain: 10, ...more });
const SCALE = { speed: 25, gain: 10 };
const qt = { lead: "V2", rhythm: false, a: { s: 5.5, mv: 0 }, b: { s: 5.9, mv: 0.1 } };

test("a caliper stays at its time and voltage when layout, speed and gain change", () => {
  for (const wish of [{}, { layout: "12x1" }, { layout: "6x2", gain: 20 }, { layout: "3x4+3", speed: 50, gain: 5 }]) {
    const laid = sheet(wish);
    const scale = { ...SCALE, ...wish };
    const at = place(laid, qt, scale);
    const read = readCaliper(laid, scale, at.a, at.b);
    assert.ok(Math.abs(read.ms - 400) < 1e-6 && Math.abs(read.mv - 0.1) < 1e-9, JSON.stringify([wish, read]));
    assert.deepEqual([read.lead, read.from_s.toFixed(6), read.to_s.toFixed(6)], ["V2", "5.500000", "5.900000"]);
  }
});

test("a caliper whose lead or time is not on the sheet is not drawn somewhere else", () => {
  assert.equal(place(sheet(), { ...qt, a: { s: 1, mv: 0 }, b: { s: 1.4, mv: 0 } }, SCALE), null);
  assert.equal(place(sheet({ leads: ["I", "II"] }), qt, SCALE), null);
});

test("what is put on the rhythm strip comes back on the strip, not in the short cell of the same lead", () => {
  const laid = sheet();
  const strip = laid.cells.find((cell) => cell.rhythm);
  const one = { lead: "II", rhythm: true, a: { s: 1, mv: 0 }, b: { s: 1.8, mv: 0 } };
  assert.equal(place(laid, one, SCALE).cell, strip);
  assert.equal(place(laid, { ...one, rhythm: false }, SCALE).cell.rhythm, false);
});

test("a point of the sheet and the point of the recording are each other's inverse", () => {
  const laid = sheet();
  const point = { x: 150.3, y: 61.7 };
  const cell = cellAt(laid, point.x, point.y);
  const end = endAt(cell, point, SCALE);
  const at = place(laid, { lead: cell.lead, rhythm: false, a: end, b: end }, SCALE).a;
  assert.ok(Math.hypot(at.x - point.x, at.y - point.y) < 1e-9);
});

test("several are kept; one drag is one step back, and forward again", () => {
  const book = caliperBook();
  const first = book.add(qt);
  const second = book.add({ ...qt, lead: "V3" });
  book.move(first, { b: { s: 6, mv: 0 } }, true);
  book.move(first, { b: { s: 6.2, mv: 0 } });
  assert.equal(book.list.find((one) => one.id === first).b.s, 6.2);
  assert.equal(book.chosen.id, first);
  book.undo();
  assert.equal(book.list.find((one) => one.id === first).b.s, 5.9);
  book.redo();
  assert.equal(book.list.find((one) => one.id === first).b.s, 6.2);
  book.remove();
  assert.deepEqual(book.list.map((one) => one.id), [second]);
  book.undo();
  assert.equal(book.list.length, 2);
  book.removeAll();
  assert.equal(book.list.length, 0);
  book.undo();
  assert.equal(book.list.length, 2);
  book.forget();
  book.undo();
  assert.equal(book.list.length, 0);
});

test("the chosen caliper's end is taken first, and nothing out of reach", () => {
  const laid = sheet();
  const book = caliperBook();
  const one = book.add(qt);
  book.add(qt);
  book.choose(one);
  const { a, b } = place(laid, qt, SCALE);
  assert.deepEqual(endNear(laid, book, { x: b.x + 0.5, y: b.y }, SCALE, 1.5), { id: one, end: "b" });
  assert.deepEqual(endNear(laid, book, { x: a.x, y: a.y + 1 }, SCALE, 1.5), { id: one, end: "a" });
  assert.equal(endNear(laid, book, { x: b.x + 2, y: b.y }, SCALE, 1.5), null);
});

test("a snap finds the peak and the trough next to the pointer, never across a gap without samples", () => {
  const lead = new Float32Array(1000);
  lead[500] = 1.2;
  lead[700] = -0.8;
  lead.fill(NaN, 800, 1000);
  assert.deepEqual(snapToPeak(lead, 500, 1.03), { s: 1, mv: Math.fround(1.2) });
  assert.deepEqual(snapToPeak(lead, 500, 1.37), { s: 1.4, mv: Math.fround(-0.8) });
  assert.equal(snapToPeak(lead, 500, 1.9), null);
});

const TWELVE = { names: LEADS, seconds: 60 };
const WISH = { layout: "3x4+1", order: "standard", rhythm: "II", speed: 25, gain: 10, zoom: 1, start: 0, realPx: 0 };

test("a window never leaves the recording and may begin at any time", () => {
  const at = (start) => arrange(TWELVE, { ...WISH, start }, { wide: 1600, high: 900, ratio: 1 });
  assert.deepEqual([-3, 7.37, 58].map((start) => at(start).start), [0, 7.37, 50]);
  const { sheet: laid } = at(7.37);
  assert.deepEqual([laid.from, laid.to], [7.37, 17.37]);
});

test("at real size a millimetre has the calibrated pixels, whatever the room", () => {
  for (const ratio of [1, 1.25, 2]) {
    for (const wide of [390, 1200, 2500]) assert.equal(arrange(TWELVE, { ...WISH, realPx: 3.78 }, { wide, high: 800, ratio }).px, 3.78);
  }
});

test("a phone gets one strip per lead that fits its width", () => {
  const { px, span, sheet: laid } = arrange(TWELVE, { ...WISH, layout: "12x1" }, { wide: 374, high: 600, ratio: 3 });
  assert.ok(px >= 4 && span > 2.5 && laid.width * px <= 374.001, `${px} ${span}`);
  assert.equal(laid.cells.length, 12);
});

test("a whole sheet on a phone keeps its millimetre lines", () => {
  const { px, span } = arrange(TWELVE, WISH, { wide: 374, high: 600, ratio: 3 });
  assert.ok(px >= 3 && span === 10, `${px} ${span}`);
});

test("recordings of one or two leads have rows of their own whatever was chosen", () => {
  assert.equal(layoutFor("3x4+1", ["MLII", "V5"]), "12x1");
  assert.equal(layoutFor("6x2", LEADS), "6x2");
});

test("a sheet that fits leaves no scroll bar", () => {
  for (const [wide, high] of [[1600, 900], [1264, 600], [900, 620]]) {
    const { px, sheet: laid } = arrange(TWELVE, WISH, { wide, high, ratio: 1 });
    assert.ok(laid.width * px <= wide && laid.height * px <= high + 1, `${wide} ${high} ${laid.width * px} ${laid.height * px}`);
    assert.equal(laid.width, sheetWidth(25));
  }
});
