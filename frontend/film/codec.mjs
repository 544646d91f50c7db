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

/**
 * Undo planes, zigzag and differences while the bytes come in: the low bytes wait, each high byte makes a pixel.
 *
 * @param {Header} header
 * @returns {{push: (chunk: Uint8Array) => void, picture: () => Picture}}
 */
export function undelta({ rows, columns, dtype }) {
  const n = rows * columns;
  const signed = dtype === "int16";
  const low = new Uint8Array(n);
  const values = signed ? new Int16Array(n) : new Uint16Array(n);
  let filled = 0; // bytes so far
  let value = 0;
  let min = 65536;
  let max = -65536;

  function pixels(chunk, from) {
    let at = from;
    let i = filled - n;
    while (at < chunk.length) {
      if (i % columns === 0) value = 0;
      const end = Math.min(i + columns - (i % columns), i + chunk.length - at);
      for (; i < end; i++) {
        const code = low[i] | (chunk[at++] << 8);
        value += (code >>> 1) ^ -(code & 1);
        value = signed ? (value << 16) >> 16 : value & 0xffff;
        values[i] = value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    filled = n + i;
  }

  return {
    push(chunk) {
      if (filled + chunk.length > 2 * n) throw new RangeError(`more than the ${2 * n} bytes the header announces`);
      const waits = Math.max(0, Math.min(n - filled, chunk.length));
      low.set(chunk.subarray(0, waits), Math.min(filled, n));
      filled += waits;
      if (waits < chunk.length) pixels(chunk, waits);
    },
    picture() {
      if (filled !== 2 * n) throw new RangeError(`${filled} bytes after inflating; the header announces ${2 * n}`);
      return { rows, columns, values, min, max };
    },
  };
}

/**
 * Decode one picture while its bytes come in.
 *
 * @param {ReadableStream<Uint8Array>} message
 * @param {() => void} [arrived] called when its last byte is there
 * @returns {Promise<Picture>}
 */
export async function decodePicture(message, arrived = () => undefined) {
  const chunks = message.getReader();
  let start = new Uint8Array(0);
  for (let next = await chunks.read(); ; next = await chunks.read()) {
    if (!next.done) start = joined(start, next.value);
    if (next.done || holdsHeader(start)) break;
  }
  const { header, body } = readHeader(start.buffer);
  const rest = new ReadableStream({
    start: (queue) => queue.enqueue(body),
    async pull(queue) {
      const { done, value } = await chunks.read();
      if (!done) return queue.enqueue(value);
      arrived();
      return queue.close();
    },
    cancel: (reason) => chunks.cancel(reason),
  });
  const reader = rest.pipeThrough(new DecompressionStream("deflate")).getReader();
  const undone = undelta(header);
  for (let next = await reader.read(); !next.done; next = await reader.read()) undone.push(next.value);
  return undone.picture();
}

function joined(before, chunk) {
  const whole = new Uint8Array(before.length + chunk.length);
  whole.set(before);
  whole.set(chunk, before.length);
  return whole;
}

const holdsHeader = (bytes) => bytes.length >= 4 && bytes.length >= 4 + Math.min(new DataView(bytes.buffer).getUint32(0, true), LARGEST_HEADER);
