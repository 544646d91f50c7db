import assert from "node:assert/strict";
import test from "node:test";
import { filterWords, footer, gateWords, reading } from "../../frontend/ecg/sentences.mjs";

const t = (source) => source;
const NONE = { highPass: 0, lowPass: 0, mains: 0 };
const facts = (more = {}) => ({ scale: { speed: 25, gain: 10 }, filter: NONE, leftOut: [], rate: 500, fileCalibrated: true, realShare: 1, derived: false, missing: [], ...more });
const said = (more) => footer(t, facts(more)).map(({ text, warn }) => (warn ? `!${text}` : text));

test("every sheet says speed, gain, filter, rate and size", () => {
  assert.deepEqual(said(), ["25 mm/s", "10 mm/mV", "Filter off", "500 Hz", "real size"]);
});

test("each part of the filter is named, and that it shifts nothing", () => {
  assert.equal(filterWords(t, { highPass: 0.05, lowPass: 150, mains: 50 }), "Filter: high pass 0.05 Hz + low pass 150 Hz + 50 Hz notch (zero phase)");
  assert.equal(filterWords(t, { ...NONE, mains: 50 }), "Filter: 50 Hz notch (zero phase)");
});

test("what distorts, is unknown or missing is a warning", () => {
  assert.ok(said({ filter: { ...NONE, lowPass: 40 } }).includes("!ST and notches may be distorted"));
  assert.ok(said({ filter: { ...NONE, highPass: 0.5 } }).includes("!ST and notches may be distorted"));
  assert.ok(!said({ filter: { highPass: 0.05, lowPass: 100, mains: 50 } }).includes("!ST and notches may be distorted"));
  assert.ok(said({ realShare: null }).includes("!not calibrated: not to scale"));
  assert.ok(said({ realShare: 1.37 }).includes("shown at 137 % of real size"));
  assert.ok(said({ fileCalibrated: false }).includes("!voltage scale of the file unknown"));
  assert.ok(said({ missing: ["V5", "V6"] }).includes("!not recorded: V5, V6"));
  assert.ok(said({ over: ["V4", "V5"] }).includes("!V4, V5 beyond the edge of the paper: choose a smaller gain"));
  assert.ok(said({ over: ["V4"], scale: { speed: 25, gain: 5 } }).includes("!V4 beyond the edge of the paper"));
  assert.ok(said({ leftOut: ["150 Hz"] }).includes("!not possible at this sampling rate: 150 Hz"));
});

test("a caliper reads time, rate and amplitude; no rate is made of a stretch too short for a beat", () => {
  assert.deepEqual(reading({ ms: 800, per_min: 75, mv: -0.25 }), ["800 ms", "75 /min", "-0.25 mV"]);
  assert.deepEqual(reading({ ms: 99, per_min: 606, mv: 0 }), ["99 ms", "0.00 mV"]);
});

test("reasons of the gate are said in the words that came, never left out", () => {
  assert.deepEqual(gateWords([{ code: "limb_leads_differ", label: "II ≠ I + III", text: "0.32 mV" }, { code: "flat_channel", text: "V3" }, { code: "low_rate" }]),
    ["II ≠ I + III: 0.32 mV", "V3", "low_rate"]);
  assert.deepEqual(gateWords([{ label: "导联为直线", text: "V3 平线", mark: "：" }, { label: "幅值不合常理", text: "幅值不合常理：I 20 mV", mark: "：" }]),
    ["导联为直线：V3 平线", "幅值不合常理：I 20 mV"]);
  assert.deepEqual(gateWords(undefined), []);
});
