import assert from "node:assert/strict";
import test from "node:test";
import { cellAt, fitScale, layOut, leftMargin, partFindings, pulseOutline, readCaliper, sheetsOf, sheetWidth, stripsOf, toPaper } from "../../frontend/ecg/paper.mjs";
import { leadsOverEdge } from "../../frontend/ecg/edge.mjs";
import { golden } from "./golden.mjs";

const TABLE = golden("ecg_paper");
const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const sheet = (more = {}) => layOut({ layout: "3x4+1", leads: LEADS, seconds: 10, speed: 25, gain: 10, ...more });
const cell = (laid, lead) => laid.cells.find((c) => c.lead === lead && !c.rhythm);

test("margins and widths are those of the table", () => {
  for (const { speed, left, width } of TABLE.sheets) assert.deepEqual([leftMargin(speed), sheetWidth(speed)], [left, width]);
});

test("each column of 3x4+1 begins where the table says", () => {
  for (const { lead, speed, x0, from } of TABLE.columns_3x4) {
    const { x0: x, from: seconds } = cell(sheet({ speed }), lead);
    assert.deepEqual([x, seconds], [x0, from]);
  }
});

test("a sample lies where the table says", () => {
  for (const { lead, seconds, mv, dx, up, ...scale } of TABLE.points) {
    const own = cell(sheet(scale), lead);
    const at = toPaper(own, seconds, mv, scale);
    assert.ok(Math.abs(at.x - own.x0 - dx) < 1e-9 && Math.abs(own.baseline - at.y - up) < 1e-9, `${lead} ${at.x} ${at.y}`);
  }
});

test("a caliper reads what the table says, from whichever end it is drawn", () => {
  for (const { dx, up, ms, per_min: perMin, mv, ...scale } of TABLE.calipers) {
    const laid = sheet(scale);
    const own = laid.cells.find((c) => c.rhythm);
    const a = { x: own.x0 + 20, y: own.baseline };
    const b = { x: a.x + dx, y: a.y - up };
    const read = readCaliper(laid, scale, a, b);
    assert.ok(Math.abs(read.ms - ms) < 1e-6 && Math.abs(read.per_min - perMin) < 1e-6 && Math.abs(read.mv - mv) < 1e-9);
    assert.ok(Math.abs(read.to_s - read.from_s - ms / 1000) < 1e-9);
    assert.equal(read.lead, "II");
  }
});

test("a caliper across two leads gives a distance but no times of the recording", () => {
  const laid = sheet();
  const own = cell(laid, "I");
  const read = readCaliper(laid, { speed: 25, gain: 10 }, { x: own.x1 - 5, y: own.baseline }, { x: own.x1 + 5, y: own.baseline });
  assert.equal(read.ms, 400);
  assert.equal(read.from_s, null);
  assert.equal(read.to_s, null);
});

test("a caliper without width has no rate", () => {
  assert.equal(readCaliper(sheet(), { speed: 25, gain: 10 }, { x: 50, y: 20 }, { x: 50, y: 10 }).per_min, null);
});

test("the pulse is one millivolt high and a fifth of a second wide", () => {
  for (const [speed, gain] of [[25, 10], [50, 5], [25, 20]]) {
    const corners = pulseOutline({ x: 2, y: 40 }, { speed, gain });
    assert.equal(40 - corners[2][1], gain);
    assert.equal(corners[3][0] - corners[2][0], 0.2 * speed);
    assert.ok(corners.at(-1)[0] <= leftMargin(speed) + 2.5);
  }
});

test("the number of sheets follows the table", () => {
  for (const [seconds, count] of TABLE.sheets_of) assert.equal(sheetsOf(seconds), count);
});

for (const { layout, order, speed, gain, heightMm, leads = LEADS, ...wanted } of [...TABLE.full_sheets, ...TABLE.extra_sheets]) {
  test(`${leads.length} leads ${layout} ${order} at ${speed} mm/s, ${gain} mm/mV, ${heightMm || "least"} mm is the sheet of the table`, () => {
    const laid = sheet({ layout, order, speed, gain, heightMm, leads });
    const got = {
      width: laid.width, height: laid.height, left: laid.left, rowHeight: laid.rowHeight, pulses: laid.pulses.map(({ x, y }) => [x, y]),
      cells: laid.cells.map((own) => TABLE.fields.map((field) => own[field])),
    };
    assert.deepEqual(got, wanted);
  });
}

test("a sample lies where the table says, upside down in an inverted lead", () => {
  for (const { lead, seconds, mv, dx, up, ...how } of TABLE.more_points) {
    const own = cell(sheet(how), lead);
    const at = toPaper(own, seconds, mv, how);
    assert.ok(Math.abs(at.x - own.x0 - dx) < 1e-9 && Math.abs(own.baseline - at.y - up) < 1e-9, `${lead} ${at.x} ${at.y}`);
  }
});

test("the strips below the twelve are those of the table, missing ones replaced and named", () => {
  for (const { layout, leads, rhythm, strips } of TABLE.rhythm_rows) assert.deepEqual(stripsOf(layout, leads, rhythm), strips);
});

test("in the order of Cabrera aVR is named with a minus sign, its strip is not", () => {
  const laid = sheet({ order: "cabrera", rhythm: "aVR" });
  assert.deepEqual(laid.cells.filter((c) => c.lead === "aVR").map((c) => [c.name, c.inverted]), [["\u2212aVR", true], ["aVR", false]]);
});

test("a short recording ends where its samples end", () => {
  const laid = sheet({ seconds: 6 });
  assert.equal(cell(laid, "V1").x1 - cell(laid, "V1").x0, 25);
  assert.equal(cell(laid, "V4").x1, cell(laid, "V4").x0);
});

test("the second sheet goes on where the first one ended", () => {
  const laid = sheet({ seconds: 25, start: 10 });
  assert.equal(cell(laid, "I").from, 10);
  assert.equal(cell(laid, "V4").to, 20);
});

test("leads that were not recorded keep their place and are named", () => {
  const laid = sheet({ leads: ["I", "II", "III"] });
  assert.deepEqual(laid.missing, LEADS.slice(3));
  assert.equal(cell(laid, "V1").index, -1);
  assert.equal(cellAt(laid, cell(laid, "V1").x0 + 1, cell(laid, "V1").baseline), undefined);
});

test("extra leads have rows of their own under the twelve, above the strips", () => {
  const leads = ["V7", ...LEADS, "V4R", "V8", "V9", "V3R"];
  assert.deepEqual(sheet({ leads, layout: "12x1" }).cells.map((c) => c.lead), [...LEADS, "V7", "V4R", "V8", "V9", "V3R"]);
  const laid = sheet({ leads });
  assert.deepEqual(laid.cells.slice(12).map((c) => [c.lead, c.row, c.column]),
    [["V7", 3, 0], ["V4R", 3, 1], ["V8", 3, 2], ["V9", 3, 3], ["V3R", 4, 0], ["II", 5, 0]]);
  assert.deepEqual(sheet({ leads, layout: "6x2" }).cells.slice(12).map((c) => [c.lead, c.row, c.column]),
    [["V7", 6, 0], ["V4R", 6, 1], ["V8", 7, 0], ["V9", 7, 1], ["V3R", 8, 0]]);
});

test("rows never overlap, stay on whole lines and fit the height when they can", () => {
  for (const layout of ["3x4+1", "3x4+3", "6x2", "12x1"]) {
    for (const heightMm of [0, 100, 150, 200, 400]) {
      const laid = sheet({ layout, heightMm });
      const baselines = [...new Set(laid.cells.map((c) => c.baseline))];
      assert.ok(baselines.every((y) => Number.isInteger(y)));
      assert.ok(baselines.every((y, i) => i === 0 || y - baselines[i - 1] >= 10));
      assert.ok(laid.height >= baselines.at(-1) + 10);
      const least = sheet({ layout }).height;
      if (heightMm >= least) assert.ok(laid.height <= heightMm, `${layout} ${heightMm} ${laid.height}`);
    }
  }
});

test("an unknown layout is refused by name", () => {
  assert.throws(() => sheet({ layout: "4x3" }), /4x3 is unknown; use one of 3x4\+1/);
});

test("fitting puts each 5 mm line on a device pixel and never exceeds the width", () => {
  for (let width = 300; width < 2600; width += 37) {
    for (const ratio of [1, 1.25, 1.5, 2]) {
      const px = fitScale(width, 265, ratio);
      assert.ok(Math.abs(px * ratio * 5 - Math.round(px * ratio * 5)) < 1e-9);
      assert.ok(px * 265 <= width + 1e-6);
    }
  }
});

test("a finding of more than four fifths of the recording is a label, not a place", () => {
  const finding = (from_s, to_s, lead) => ({ label: "x", severity: "critical", place: { from_s, to_s, lead } });
  const [whole, most, justNot, beat, lead] = [finding(0, 10), finding(1, 9.1), finding(1, 9), finding(2, 3), finding(0, 10, "II")];
  const parts = partFindings([whole, most, justNot, beat, lead, { label: "x", place: {} }], 10);
  assert.deepEqual(parts, { everywhere: [whole, most], placed: [justNot, beat, lead] });
});

test("a place that reaches beyond the recording counts only inside it", () => {
  const finding = { label: "x", severity: "critical", place: { from_s: -5, to_s: 4 } };
  assert.deepEqual(partFindings([finding], 10).placed, [finding]);
});

test("a lead whose beat leaves the sheet is named, whichever edge it leaves by", () => {
  assert.equal(TABLE.edge.length, 12);
  for (const { layout, order, speed, gain, spikes, over } of TABLE.edge) {
    const shown = LEADS.map(() => new Float32Array(5000));
    for (const [lead, seconds, mv] of spikes) shown[LEADS.indexOf(lead)][seconds * 500] = mv;
    shown[11][100] = NaN;
    assert.deepEqual(leadsOverEdge(sheet({ layout, order, speed, gain }), shown, 500, { gain }), over, JSON.stringify(spikes));
  }
});
