/** Reading the coded tracing: int16 little endian, lead after lead. Pure. */

const GAP = -32768;

/**
 * @typedef {{rate: number, seconds: number, names: string[], leads: Float32Array[], derived: string[]}} Tracing
 *   leads in mV; NaN where the cart recorded nothing
 */

/**
 * Decode what the server sent.
 *
 * @param {ArrayBuffer} buffer
 * @param {{rate: number, leads: string[], lsb_uv: number, derived?: string[]}} meta lsb_uv is microvolts per unit
 * @returns {Tracing}
 */
export function decodeTrace(buffer, { rate, leads: names, lsb_uv: unit, derived = [] }) {
  if (!(rate > 0) || !(unit > 0) || !Array.isArray(names) || names.length === 0) {
    throw new RangeError(`meta needs rate, lsb_uv and leads; got rate ${rate}, lsb_uv ${unit}, leads ${names}`);
  }
  const samples = buffer.byteLength / 2 / names.length;
  if (!Number.isInteger(samples) || samples === 0) {
    throw new RangeError(`${buffer.byteLength} bytes are not whole samples of ${names.length} leads`);
  }
  const bytes = new DataView(buffer);
  const leads = names.map((_, lead) => {
    const out = new Float32Array(samples);
    const start = lead * samples * 2;
    for (let i = 0; i < samples; i++) {
      const value = bytes.getInt16(start + i * 2, true);
      out[i] = value === GAP ? NaN : (value * unit) / 1000;
    }
    return out;
  });
  return { rate, seconds: samples / rate, names, leads, derived };
}

/** Stretches of NaN longer than `seconds`, as [from, to] in seconds. */
export function gapsOf(lead, rate, seconds = 0.04) {
  const gaps = [];
  for (let i = 0; i < lead.length; i++) {
    if (!Number.isNaN(lead[i])) continue;
    const start = i;
    while (i < lead.length && Number.isNaN(lead[i])) i += 1;
    if ((i - start) / rate >= seconds) gaps.push([start / rate, i / rate]);
  }
  return gaps;
}
