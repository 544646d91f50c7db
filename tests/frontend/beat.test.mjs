import assert from "node:assert/strict";
import test from "node:test";
import { changes, overlap, shift, turn, written } from "../../frontend/ecg/beat/changes.mjs";
import { bestGain, cabrera, layPanel, levelsAt, msAt, nearestLead, range, snap, stBars, valueAt, xOf, yOf } from "../../frontend/ecg/beat/geometry.mjs";
import { contradiction, moveMark, placeOf, steps } from "../../frontend/ecg/beat/history.mjs";
import { sitting } from "../../frontend/ecg/beat/sitting.mjs";

const MARKS = { p_on: 100, p_off: 200, qrs_on: 260, j: 350, t_end: 640 };
const panel = (more = {}) => layPanel({ ms: 900, speed: 100, gain: 10, low: -0.5, high: 1, width: 900, height: 400, ratio: 1, ...more });

test("one second is as many millimetres as the panel says, and one millivolt too", () => {
  for (const [speed, gain] of [[50, 5], [100, 20]]) {
    const laid = panel({ speed, gain });
    assert.equal(xOf(laid, 1000) - xOf(laid, 0), speed);
    assert.equal(yOf(laid, 0) - yOf(laid, 1), gain);
    assert.ok(Math.abs(msAt(laid, xOf(laid, 333)) - 333) < 1e-9);
  }
});

test("the whole beat fits the width, and every fifth millimetre is a whole device pixel", () => {
  for (const ratio of [1, 1.25, 2]) {
    const laid = panel({ width: 777, ratio });
    assert.ok(laid.width * laid.px <= 777 + 1e-9);
    assert.ok(Math.abs(laid.px * 5 * ratio - Math.round(laid.px * 5 * ratio)) < 1e-9);
  }
});

test("the best gain is the largest whose traces fit", () => {
  assert.equal(bestGain({ low: -0.5, high: 1 }, 41), 20);
  assert.equal(bestGain({ low: -0.5, high: 1 }, 39.9), 10);
  assert.equal(bestGain({ low: -9, high: 9 }, 20), 5);
});

test("a mark falls on a sample and stays inside the beat", () => {
  assert.equal(snap(101.1, 500, 450), 102);
  assert.equal(snap(-7, 500, 450), 0);
  assert.equal(snap(5000, 500, 450), 898);
});

test("a value between samples lies on the line between them; a gap has none", () => {
  assert.equal(valueAt([0, 1, 3], 500, 3), 2);
  assert.equal(valueAt([0, 1, 3], 500, 4), 3);
  assert.ok(Number.isNaN(valueAt([0, NaN, 3], 500, 1)));
  assert.ok(Number.isNaN(valueAt([0, 1], 500, -1)));
});

test("leads are laid on the level they have at the QRS onset; without one on zero", () => {
  const leads = { I: [0.2, 0.3], V1: [NaN, 1] };
  assert.deepEqual(levelsAt(leads, 500, 0), { I: 0.2, V1: 0 });
  assert.deepEqual(levelsAt(leads, 500, null), { I: 0, V1: 0 });
  assert.deepEqual(range({ I: [0.2, 1.2, NaN] }, { I: 0.2 }, ["I"]), { low: 0, high: 1 });
});

test("the pointer names the nearest trace, and none when all are far", () => {
  const beat = { leads: { I: Array(450).fill(0), V2: Array(450).fill(1) }, levels: { I: 0, V2: 0 }, rate: 500, names: ["I", "V2"] };
  const laid = panel();
  assert.equal(nearestLead(laid, beat, { x: 40, y: laid.zero - 9 }, 3), "V2");
  assert.equal(nearestLead(laid, beat, { x: 40, y: laid.zero + 1 }, 3), "I");
  assert.equal(nearestLead(laid, beat, { x: 40, y: laid.zero - 5 }, 3), null);
  assert.equal(nearestLead(laid, { ...beat, names: ["I"] }, { x: 40, y: laid.zero - 9 }, 3), null);
});

test("leads stand in Cabrera order with aVR upside down, extra leads last", () => {
  const order = cabrera(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V7"]);
  assert.deepEqual(order.map(({ shown }) => shown), ["aVL", "I", "−aVR", "II", "aVF", "III", "V1", "V2", "V7"]);
  const { bars, top } = stBars({ st_j_mv: { aVR: -0.12, I: 0.05 }, st_j60_mv: { aVR: null, I: 0.31 }, st_j80_mv: null }, ["I", "aVR"]);
  assert.deepEqual(bars, [{ lead: "I", shown: "I", st: [0.05, 0.31, null] }, { lead: "aVR", shown: "−aVR", st: [0.12, null, null] }]);
  assert.equal(top, 0.4);
});

test("the ST scale never ends under 0.2 mV, so that small shifts look small", () => {
  assert.equal(stBars({ st_j_mv: { I: 0.01 } }, ["I"]).top, 0.2);
  assert.equal(stBars({ st_j_mv: { I: 0.3 } }, ["I"]).top, 0.3);
});

test("marks that contradict each other are named; P may end where QRS begins", () => {
  assert.equal(contradiction(MARKS), null);
  assert.equal(contradiction({ ...MARKS, p_off: 260 }), null);
  assert.deepEqual(contradiction({ ...MARKS, p_off: 262 }), { mark: "qrs_on", after: "p_off" });
  assert.deepEqual(contradiction({ ...MARKS, qrs_on: 350 }), { mark: "j", after: "qrs_on" });
  assert.deepEqual(contradiction({ ...MARKS, p_off: null, p_on: 260 }), { mark: "qrs_on", after: "p_on" });
  assert.equal(contradiction({ p_on: null, p_off: null, qrs_on: null, j: null, t_end: 3 }), null);
});

test("a refused move changes nothing", () => {
  const { marks, refused } = moveMark(MARKS, "qrs_on", 400);
  assert.equal(marks, MARKS);
  assert.deepEqual(refused, { mark: "j", after: "qrs_on" });
  assert.equal(moveMark(MARKS, "t_end", 700).marks.t_end, 700);
});

test("a missing mark is put between its neighbours", () => {
  for (const name of Object.keys(MARKS)) {
    const placed = { ...MARKS, [name]: placeOf({ ...MARKS, [name]: null }, name, 898) };
    assert.equal(contradiction(placed), null, name);
  }
  assert.equal(placeOf({ ...MARKS, p_on: null, p_off: null }, "p_on", 898), 100);
});

test("undo and redo walk the steps; a new step forgets what lay ahead", () => {
  const track = steps(MARKS);
  track.take({ ...MARKS, j: 360 });
  track.take({ ...MARKS, j: 360 });
  track.take({ ...MARKS, j: 370 });
  assert.equal(track.back().j, 360);
  assert.equal(track.back().j, 350);
  assert.deepEqual(track.may(), { back: false, forth: true });
  assert.equal(track.forth().j, 360);
  track.take({ ...MARKS, j: 300 });
  assert.deepEqual(track.may(), { back: true, forth: false });
});

test("a measurement kept by somebody else is followed, but never over marks that were moved here", () => {
  const theirs = { ...MARKS, t_end: 660 };
  const idle = sitting();
  idle.begin(MARKS, null);
  assert.equal(idle.follow(theirs), true);
  assert.equal(idle.live().t_end, 660);
  assert.deepEqual(idle.facts(theirs), { moved: true, asKept: true });
  assert.equal(idle.follow(null), true);
  assert.deepEqual(idle.facts(null), { moved: false, asKept: false });
  const busy = sitting();
  busy.begin(MARKS, null);
  busy.move("j", 360);
  busy.settle();
  assert.equal(busy.follow(theirs), false);
  assert.equal(busy.live().j, 360);
  assert.equal(busy.follow({ ...MARKS, j: 360 }), true);
  busy.reset();
  assert.deepEqual(busy.live(), MARKS);
  busy.back();
  assert.equal(busy.live().j, 360);
});

test("changes are this ECG minus the earlier one; what one lacks has no change", () => {
  const rows = changes({ heart_rate_bpm: 80, qt_ms: 400, pr_ms: null, qrs_axis_deg: -170, st_j_mv: { V2: 0.2, aVR: -0.1 } },
    { heart_rate_bpm: 60, qt_ms: 410, pr_ms: 160, qrs_axis_deg: 170, st_j_mv: { V2: 0.05, aVR: 0 } }, cabrera(["V2", "aVR"]));
  const row = (name, lead) => rows.find((one) => one.name === name && one.lead === lead);
  assert.equal(row("heart_rate_bpm").change, 20);
  assert.equal(row("qt_ms").change, -10);
  assert.equal(row("pr_ms").change, null);
  assert.equal(row("pr_ms").before, 160);
  assert.equal(row("qrs_axis_deg").change, 20); // the short way round, not −340
  assert.ok(Math.abs(row("st_j_mv", "V2").change - 0.15) < 1e-12);
  assert.ok(Math.abs(row("st_j_mv", "−aVR").change - 0.1) < 1e-12);
});

test("an axis turns the short way", () => {
  for (const [from, to, way] of [[0, 90, 90], [170, -170, 20], [-170, 170, -20], [0, 180, 180], [90, -90, 180]]) assert.equal(turn(from, to), way);
});

test("beats are laid over each other at the QRS onset, or not at all", () => {
  assert.equal(shift({ qrs_on: 300 }, { qrs_on: 260 }), 40);
  assert.equal(shift({ qrs_on: null }, { qrs_on: 260 }), null);
  assert.deepEqual(overlap({ ms: 800 }, { ms: 900 }, { qrs_on: 300 }, { qrs_on: 260 }), { right: 40, ms: 940 });
  assert.equal(overlap({ ms: 800 }, { ms: 900 }, {}, { qrs_on: 260 }), null);
});

test("a change is that of the numbers the table shows", () => {
  const rows = changes({ qrs_axis_deg: 55.4, st_j_mv: { aVL: 0.0045 } }, { qrs_axis_deg: 55.6, st_j_mv: { aVL: -0.0045 } },
    [{ shown: "aVL", lead: "aVL", sign: 1 }]);
  assert.equal(rows.find((row) => row.name === "qrs_axis_deg").change, -1);
  assert.equal(rows.at(-1).change, 0);
});

test("numbers are written with a true minus, changes with their sign, zero without one", () => {
  assert.equal(written(-0.004, 2), "0.00");
  assert.equal(written(-0.12, 2), "−0.12");
  assert.equal(written(3.4, 0, true), "+3");
  assert.equal(written(0.2, 0, true), "0");
  assert.equal(written(null, 0), null);
  assert.equal(written(NaN, 0), null);
});
