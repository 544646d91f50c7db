import assert from "node:assert/strict";
import test from "node:test";
import { decodeTrace, gapsOf } from "../../frontend/ecg/trace.mjs";

function coded(leads) {
  const view = new DataView(new ArrayBuffer(leads.flat().length * 2));
  leads.flat().forEach((value, i) => view.setInt16(i * 2, value, true));
  return view.buffer;
}

test("units become millivolts, lead after lead, and the gap code becomes a gap", () => {
  const { leads, seconds } = decodeTrace(coded([[1000, -500, -32768], [0, 32767, -32767]]), { rate: 500, leads: ["I", "II"], lsb_uv: 2 });
  assert.deepEqual([...leads[0]], [2, -1, NaN]);
  assert.deepEqual([...leads[1]], [0, Math.fround(65.534), Math.fround(-65.534)]);
  assert.equal(seconds, 3 / 500);
});

test("bytes that are not whole samples are refused with the numbers seen", () => {
  assert.throws(() => decodeTrace(new ArrayBuffer(10), { rate: 500, leads: ["I", "II"], lsb_uv: 1 }), /10 bytes are not whole samples of 2 leads/);
  assert.throws(() => decodeTrace(new ArrayBuffer(0), { rate: 500, leads: ["I"], lsb_uv: 1 }), /0 bytes/);
});

test("missing facts are never guessed", () => {
  assert.throws(() => decodeTrace(new ArrayBuffer(4), { leads: ["I"], lsb_uv: 1 }), /rate undefined/);
  assert.throws(() => decodeTrace(new ArrayBuffer(4), { rate: 500, leads: ["I"], lsb_uv: 0 }), /lsb_uv 0/);
});

test("gaps are found at the start, inside and at the end, short ones are not shown", () => {
  const lead = new Float32Array(1000);
  lead.fill(NaN, 0, 100);
  lead.fill(NaN, 400, 410);
  lead.fill(NaN, 900, 1000);
  assert.deepEqual(gapsOf(lead, 500), [[0, 0.2], [1.8, 2]]);
});
