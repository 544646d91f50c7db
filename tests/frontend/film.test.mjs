import assert from "node:assert/strict";
import test from "node:test";
import { decodePicture, readHeader, undelta } from "../../frontend/film/codec.mjs";
import { curveTable, greyTable, maskPicture, percentileWindow, throughTable, veil, windowRange } from "../../frontend/film/grey.mjs";
import { greysOf } from "../../frontend/film/greys.mjs";
import { angleOf, lengthOf } from "../../frontend/film/measure.mjs";
import { OUTSIDE, paintGreys, sampleView } from "../../frontend/film/sample.mjs";
import { spans } from "../../frontend/film/shutter.mjs";
import { farthest, golden } from "./golden.mjs";

const buffer = (base64) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;
const stream = (bytes) => new Blob([bytes]).stream();
/** As a network may bring it. */
const pieces = (bytes, length) => new ReadableStream({ start(queue) {
  for (let at = 0; at < bytes.byteLength; at += length) queue.enqueue(new Uint8Array(bytes.slice(at, at + length)));
  queue.close();
} });
const CODEC = golden("film_codec");
const GREYS = golden("film_greys");

for (const { name, message_base64: message, rows, columns, values, min, max, dtype } of CODEC.cases) {
  test(`decodes: ${name}`, async () => {
    const picture = await decodePicture(stream(buffer(message)));
    assert.deepEqual([picture.rows, picture.columns, picture.min, picture.max], [rows, columns, min, max]);
    assert.deepEqual([...picture.values], values);
    assert.equal(picture.values.constructor.name, dtype === "int16" ? "Int16Array" : "Uint16Array");
  });
}

test("pieces of any length make the same picture, and too few or too many are refused", () => {
  const [rows, columns] = [3, 5];
  const n = rows * columns;
  const bytes = Uint8Array.from({ length: 2 * n }, (_, i) => (i < n ? (i * 37) % 256 : i % 3));
  const made = (length) => {
    const undone = undelta({ rows, columns, dtype: "int16" });
    for (let at = 0; at < bytes.length; at += length) undone.push(bytes.subarray(at, at + length));
    return undone.picture();
  };
  const whole = made(2 * n);
  for (const length of [1, 2, 4, 7, n - 1, n, n + 1]) assert.deepEqual(made(length), whole, String(length));
  assert.deepEqual([whole.min, whole.max], [Math.min(...whole.values), Math.max(...whole.values)]);
  const undone = undelta({ rows, columns, dtype: "int16" });
  undone.push(bytes.subarray(1));
  assert.throws(() => undone.picture(), /29 bytes after inflating; the header announces 30/);
  assert.throws(() => undone.push(bytes.subarray(0, 2)), /more than the 30 bytes/);
});

test("a message that comes in pieces is decoded as a whole, and one that ends too early is refused", async () => {
  const { message_base64: message, values } = CODEC.cases[3];
  const whole = buffer(message);
  for (const length of [1, 3, 5, 64, whole.byteLength]) {
    let arrived = 0;
    const picture = await decodePicture(pieces(whole, length), () => (arrived += 1));
    assert.deepEqual([[...picture.values], arrived], [values, 1], String(length));
  }
  for (const end of [0, 2, 20]) await assert.rejects(decodePicture(pieces(whole.slice(0, end), 7)), /too short|does not fit/, String(end));
  const torn = new ReadableStream({ start: (queue) => queue.enqueue(new Uint8Array(whole.slice(0, 40))), pull: (queue) => queue.error(new Error("the line broke")) });
  await assert.rejects(decodePicture(torn), /the line broke/);
});

test("a film that lies straight gives the same samples by its short way as by the one for turned films", () => {
  let seed = 5;
  const chance = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
  for (let n = 0; n < 200; n++) {
    const [rows, columns] = [5 + Math.floor(chance() * 60), 5 + Math.floor(chance() * 60)];
    const values = (n % 2 ? Int16Array : Uint16Array).from({ length: rows * columns }, () => chance() * 30000);
    const step = Math.exp(chance() * 4 - 2); // enlarged, shrunk, and shrunk so far that halves are used
    const [across, down] = [chance() < 0.3 ? -step : step, chance() < 0.3 ? -step : step];
    const frame = { x: (chance() - 0.3) * columns, y: (chance() - 0.3) * rows, across: [across, 0], down: [0, down] };
    const all = sampleView({ rows, columns, values }, { ...frame, across: [across, 1e-300] }, 40, 30);
    assert.deepEqual(sampleView({ rows, columns, values }, frame, 40, 30), all, String(n));
  }
});

test("a picture cut off on the way is refused, never shown in part", async () => {
  const whole = buffer(CODEC.cases[3].message_base64);
  await assert.rejects(decodePicture(stream(whole.slice(0, whole.byteLength - 9))));
});

test("a header that announces another size is refused with both numbers", async () => {
  const { header, body } = readHeader(buffer(CODEC.cases[0].message_base64));
  const words = new TextEncoder().encode(JSON.stringify({ ...header, rows: header.rows - 1 }));
  const message = new Uint8Array(4 + words.length + body.length);
  new DataView(message.buffer).setUint32(0, words.length, true);
  message.set(words, 4);
  message.set(body, 4 + words.length);
  await assert.rejects(decodePicture(stream(message.buffer)), /more than the 16 bytes/);
});

test("an unknown coding, an empty and a senseless message are refused", () => {
  assert.throws(() => readHeader(new ArrayBuffer(2)), /too short/);
  assert.throws(() => readHeader(new Uint8Array([255, 255, 255, 255, 0]).buffer), /header length/);
  const words = new TextEncoder().encode('{"coding":"jpeg"}');
  const message = new Uint8Array(4 + words.length);
  new DataView(message.buffer).setUint32(0, words.length, true);
  message.set(words, 4);
  assert.throws(() => readHeader(message.buffer), /coding jpeg is unknown/);
});

for (const { values, grey, ...voi } of GREYS.windows) {
  test(`${voi.kind} ${voi.center}/${voi.width} gives the greys of pydicom`, () => {
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const got = voi.kind === "SIGMOID"
      ? values.map((v) => curveTable(voi, min, max)[v - min] / 65535)
      : values.map((v) => {
        const { lower, upper } = windowRange(voi);
        return Math.min(Math.max((v - lower) / (upper - lower), 0), 1);
      });
    assert.ok(farthest(got, grey) < 3e-4, String(farthest(got, grey))); // pydicom rounds to its 12-bit output
  });
}

for (const { values, grey, ...lut } of GREYS.luts) {
  test(`a VOI LUT from ${lut.lut_first} with ${lut.lut_bits} bits gives the greys of pydicom`, () => {
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const table = curveTable({ kind: "LUT", ...lut }, min, max);
    const type = min < 0 ? Int16Array : Uint16Array;
    assert.ok(farthest([...throughTable(type.from(values), table, min)].map((v) => v / 65535), grey) < 1e-5);
  });
}

test("a width of nothing is a threshold, not a division by nothing", () => {
  for (const kind of ["LINEAR", "LINEAR_EXACT"]) {
    const { lower, upper } = windowRange({ kind, center: 100, width: 0 });
    assert.ok(upper > lower && upper - lower < 1);
  }
  assert.throws(() => windowRange({ kind: "LINEAR", center: NaN, width: 10 }), /not a number/);
});

test("inversion happens once and after the window", () => {
  const range = windowRange({ kind: "LINEAR_EXACT", center: 50, width: 100 });
  assert.deepEqual([...greyTable(range, false, 0, 100)].filter((_, i) => i % 50 === 0), [0, 128, 255]);
  assert.deepEqual([...greyTable(range, true, 0, 100)].filter((_, i) => i % 50 === 0), [255, 128, 0]);
  assert.deepEqual([greyTable(range, true, -50, 150)[0], greyTable(range, true, -50, 150)[200]], [255, 0]);
});

const PICTURE = { rows: 3, columns: 4, values: Int16Array.of(-2000, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), min: -2000, max: 11 };

test("padding is no picture, and no longer stretches the range", () => {
  const plain = maskPicture(PICTURE, { padding: [-2000, -2000], invert: false });
  assert.deepEqual([plain.values[0], plain.min, plain.max, plain.hidden[0], plain.hidden[1]], [1, 1, 11, 1, 0]);
  assert.equal(maskPicture(PICTURE, { padding: [-2000, -2000], invert: true }).values[0], 11);
  assert.equal(PICTURE.values[0], -2000);
});

test("a shutter shows exactly its inside, edges included, also as older copies write it", () => {
  for (const shutter of [[2, 3, 2, 3], { rectangle: [2, 3, 2, 3], circle: null, polygon: [] }]) {
    const { values, hidden } = maskPicture(PICTURE, { shutter, invert: false });
    assert.deepEqual([...values], [5, 5, 5, 5, 5, 5, 6, 5, 5, 9, 10, 5]);
    assert.deepEqual([...hidden], [1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
  }
});

test("a shutter or padding that hides everything is not believed", () => {
  assert.equal(maskPicture(PICTURE, { padding: [-3000, 3000] }), PICTURE);
  assert.equal(maskPicture(PICTURE, { shutter: [5, 9, 1, 3] }), PICTURE);
});

for (const { name, rows, columns, shutter, shown } of golden("film_shutters").cases) {
  test(`a shutter shows exactly its pixels: ${name}`, () => {
    const got = Array.from({ length: rows }, (_, row) => {
      const line = Array(columns).fill(".");
      for (const [first, last] of spans(shutter, row + 1, columns)) line.fill("#", first - 1, last);
      return line.join("");
    });
    assert.deepEqual(got, shown);
  });
}

/** Grey of pixel i as a viewport shows it: one table for all values. */
const greyAt = (greys, invert, i) => {
  const { values, min, max } = veil(greys.picture, invert);
  return greyTable(greys.range, invert, min, max)[values[i] - min];
};
const FILMS = [
  ["12 bits", Uint16Array.of(0, 500, 2000, 3500), 0],
  ["16 bits", Uint16Array.of(65535, 500, 30000, 65000), 65535],
  ["with sign", Int16Array.of(-32768, -3000, 0, 3000), -32768],
];
const WAYS = [
  { kind: "LINEAR", center: 4000, width: 2000 },
  { kind: "LINEAR_EXACT", center: 0, width: 200000 },
  { kind: "SIGMOID", center: 1000, width: 500 },
  { kind: "LUT", center: 0, width: 1, lut: [65535, 40000, 20000], lut_first: 499, lut_bits: 16 },
];

for (const [name, values, padding] of FILMS) {
  test(`padding is black under every window, curve and inversion: ${name}`, () => {
    const film = { rows: 1, columns: 4, values, min: Math.min(...values), max: Math.max(...values) };
    const base = maskPicture(film, { padding: [padding, padding] });
    for (const way of WAYS) {
      const greys = greysOf(base, [way]);
      const clear = greysOf(film, [way]);
      for (const drag of [[0, 0], [0, -4000], [0, 4000], [-300, 0], [2000, 0]]) {
        greys.choose(0);
        clear.choose(0);
        greys.drag(drag);
        clear.drag(drag);
        for (const invert of [false, true]) {
          assert.equal(greyAt(greys, invert, 0), 0, `${way.kind} ${drag} ${invert}`);
          if (greys.range.lower !== clear.range.lower || greys.range.upper !== clear.range.upper) continue; // at a limit
          for (const i of [1, 2, 3]) assert.equal(greyAt(greys, invert, i), greyAt(clear, invert, i), `${way.kind} ${drag} ${invert} ${i}`);
        }
      }
    }
  });
}

test("a film without padding or shutter passes the veil untouched", () => {
  const greys = greysOf(PICTURE, [WAYS[0]]);
  assert.equal(veil(greys.picture, true), PICTURE);
});

test("the percentile window does not count what is hidden", () => {
  const values = Uint16Array.from({ length: 1000 }, (_, i) => (i < 500 ? 0 : 1000 + i));
  const { center, width } = percentileWindow(maskPicture({ rows: 1, columns: 1000, values, min: 0, max: 1999 }, { padding: [0, 0] }));
  assert.ok(center - width / 2 > 1490);
});

test("the percentile window leaves single outliers out", () => {
  const values = new Uint16Array(10000).map((_, i) => 1000 + (i % 1000));
  values[5] = 65535;
  values[6] = 0;
  const { center, width } = percentileWindow({ values, min: 0, max: 65535 });
  assert.ok(Math.abs(center - 1499.5) < 2 && width > 980 && width < 1000);
});

test("a curve is a table over the values, a window leaves them alone, and every film can be shown by percentiles", () => {
  const base = { rows: 1, columns: 4, values: Uint16Array.of(0, 1, 2, 3), min: 0, max: 3 };
  const lut = { kind: "LUT", center: 2, width: 4, lut: [3, 2, 1, 0], lut_first: 0, lut_bits: 2 };
  const greys = greysOf(base, [lut, { kind: "LINEAR", center: 2, width: 4 }]);
  assert.deepEqual(greys.vois.map((v) => v.kind), ["LUT", "LINEAR", "PERCENTILE"]);
  assert.deepEqual([...greys.picture.values], [65535, 43690, 21845, 0]);
  assert.deepEqual([greys.hasLut, greys.plain, greys.curved], [true, 1, true]);
  greys.choose(1);
  assert.equal(greys.picture, base);
  assert.deepEqual(greys.window, { center: 2, width: 4 });
});

test("dragging right widens, dragging down darkens, and the width stays positive", () => {
  const base = { rows: 1, columns: 2, values: Uint16Array.of(0, 4095), min: 0, max: 4095 };
  const greys = greysOf(base, [{ kind: "LINEAR", center: 2048, width: 4096 }]);
  const before = greys.window;
  greys.drag([40, 0]);
  assert.ok(greys.window.width > before.width && greys.window.center === before.center);
  greys.drag([0, 40]);
  assert.ok(greys.window.center > before.center);
  greys.drag([-100000, 0]);
  assert.ok(greys.range.upper - greys.range.lower >= 1);
});

test("lengths carry the kind of millimetre they are, and pixels when nothing is known", () => {
  const points = [[0, 0], [30, 40]];
  assert.deepEqual(lengthOf(points, { row_mm: 0.2, column_mm: 0.2, kind: "calibrated" }), { value: 10, unit: "mm" });
  assert.deepEqual(lengthOf(points, { row_mm: 0.2, column_mm: 0.2, kind: "detector" }), { value: 10, unit: "mm-detector" });
  assert.deepEqual(lengthOf(points, { row_mm: null, column_mm: null, kind: "unknown" }), { value: 50, unit: "px" });
  assert.deepEqual(lengthOf(points, { row_mm: 0.2, column_mm: 0.2, kind: "unknown" }), { value: 50, unit: "px" });
  assert.equal(lengthOf([[0, 0], [0, 10]], { row_mm: 0.5, column_mm: 0.1, kind: "calibrated" }).value, 5);
});

test("angles are measured in millimetres, not in pixels of different sides", () => {
  const spacing = { row_mm: 0.2, column_mm: 0.1, kind: "calibrated" };
  assert.ok(Math.abs(angleOf([[10, 0], [0, 0], [0, 10]], spacing).value - 90) < 1e-9);
  assert.ok(Math.abs(angleOf([[10, 0], [0, 0], [10, 5]], spacing).value - 45) < 1e-9);
  assert.ok(Number.isNaN(angleOf([[0, 0], [0, 0], [1, 1]], spacing).value));
});

test("sampling follows turned and mirrored cameras and marks what lies beside the film", () => {
  const picture = { rows: 2, columns: 3, values: Uint16Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual([...sampleView(picture, { x: 0, y: 0, across: [1, 0], down: [0, 1] }, 3, 2)], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...sampleView(picture, { x: 2, y: 0, across: [-1, 0], down: [0, 1] }, 3, 2)], [3, 2, 1, 6, 5, 4]);
  assert.deepEqual([...sampleView(picture, { x: 0, y: 1, across: [0, -1], down: [1, 0] }, 2, 3)], [4, 1, 5, 2, 6, 3]);
  assert.deepEqual([...sampleView(picture, { x: -1, y: 0, across: [1, 0], down: [0, 1] }, 2, 1)], [OUTSIDE, 1]);
});

test("a shrunken film is averaged: grain halves, the mean stays", () => {
  const columns = 256;
  let seed = 7;
  const noise = () => (seed = (seed * 48271) % 2147483647) % 1001;
  const values = Uint16Array.from({ length: columns * columns }, noise);
  const seen = [...sampleView({ rows: columns, columns, values }, { x: 4, y: 4, across: [4, 0], down: [0, 4] }, 60, 60)];
  const mean = seen.reduce((sum, v) => sum + v, 0) / seen.length;
  const spread = Math.sqrt(seen.reduce((sum, v) => sum + (v - mean) ** 2, 0) / seen.length);
  assert.ok(Math.abs(mean - 500) < 15, String(mean));
  assert.ok(Math.abs(spread - 289 / 4) < 12, String(spread)); // sixteen pixels in each; 289 is the spread of one
});

test("greys are opaque, and beside the film it is black even when inverted", () => {
  const pixels = new Uint32Array(2);
  paintGreys(Int32Array.of(OUTSIDE, 1), Uint8ClampedArray.of(255, 128), 0, pixels);
  assert.deepEqual([...pixels], [0xff000000, 0xff808080]);
});
