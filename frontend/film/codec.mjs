/**
 * The full-depth coding "delta-zigzag-planes-deflate". Pure apart from the browser's own inflate stream.
 *
 * Bytes: header length (uint32 LE), JSON header, zlib stream. The stream holds the low bytes of all pixels, then the
 * high bytes; each 16-bit word is the zigzag code of the difference to the pixel on its left (to 0 at the start of a
 * row), with 16-bit wraparound.
 *
 * @typedef {{rows: number, columns: number, dtype: "uint16"|"int16", coding: string}} Header
 * @typedef {{rows: number, columns: number, values: Uint16Array|Int16Array, min: number, max: number}} Picture
 */

export const CODING = "delta-zigzag-planes-deflate";
const LARGEST_HEADER = 65536;

/**
 * Split a message into header and compressed body.
 *
 * @param {ArrayBuffer} buffer
 * @returns {{header: Header, body: Uint8Array}}
 */
export function readHeader(buffer) {
  if (buffer.byteLength < 4) throw new RangeError(`${buffer.byteLength} bytes are too short for a picture`);
  const length = new DataView(buffer).getUint32(0, true);
  if (length > LARGEST_HEADER || 4 + length > buffer.byteLength) {
    throw new RangeError(`header length ${length} does not fit a message of ${buffer.byteLength} bytes`);
  }
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  if (header.coding !== CODING) throw new RangeError(`coding ${header.coding} is unknown; expected ${CODING}`);
  if (header.dtype !== "uint16" && header.dtype !== "int16") {
    throw new RangeError(`dtype ${header.dtype} is unknown; expected uint16 or int16`);
  }
  if (!(header.rows > 0 && header.columns > 0)) {
    throw new RangeError(`picture of ${header.rows} x ${header.columns} pixels`);
  }
  return { header, body: new Uint8Array(buffer, 4 + length) };
}

/** Inflate a zlib stream into exactly `size` bytes. */
export async function inflate(body, size) {
  const reader = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const out = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (filled + value.length > size) throw new RangeError(`more than the ${size} bytes the header announces`);
    out.set(value, filled);
    filled += value.length;
  }
  if (filled !== size) throw new RangeError(`${filled} bytes after inflating; the header announces ${size}`);
  return out;
}

/**
 * Undo planes, zigzag and differences.
 *
 * @param {Uint8Array} planes low bytes, then high bytes
 * @param {Header} header
 * @returns {Picture}
 */
export function undelta(planes, { rows, columns, dtype }) {
  const n = rows * columns;
  const signed = dtype === "int16";
  const values = signed ? new Int16Array(n) : new Uint16Array(n);
  let min = 65536;
  let max = -65536;
  for (let row = 0, i = 0; row < rows; row++) {
    let value = 0;
    for (const end = i + columns; i < end; i++) {
      const code = planes[i] | (planes[n + i] << 8);
      value += (code >>> 1) ^ -(code & 1);
      value = signed ? (value << 16) >> 16 : value & 0xffff;
      values[i] = value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { rows, columns, values, min, max };
}

/**
 * Decode one picture.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Picture>}
 */
export async function decodePicture(buffer) {
  const { header, body } = readHeader(buffer);
  return undelta(await inflate(body, header.rows * header.columns * 2), header);
}
