/**
 * What a viewport shows, sampled straight from the values. Pure. Used while greys are dragged on computers without a
 * graphics card, and for the magnifier.
 *
 * @typedef {{x: number, y: number, across: [number, number], down: [number, number]}} Frame column and row under the
 *   upper left sample, and how far both move per sample to the right and per sample down
 */

/**
 * Frame of a whole upright film in the middle of so many samples, as a viewport fits it.
 *
 * @param {{rows: number, columns: number}} picture
 * @param {[number, number]} size of a pixel, width and height
 * @returns {Frame}
 */
export function fittedFrame({ rows, columns }, [x, y], width, height) {
  const step = Math.max((columns * x) / width, (rows * y) / height);
  const [across, down] = [step / x, step / y];
  return { x: columns / 2 - 0.5 - ((width - 1) / 2) * across, y: rows / 2 - 0.5 - ((height - 1) / 2) * down, across: [across, 0], down: [0, down] };
}

/**
 * @param {{rows: number, columns: number, values: Uint16Array|Int16Array}} picture
 * @param {Frame} frame
 * @param {number} width samples
 * @param {number} height samples
 * @returns {Int32Array} values, or OUTSIDE
 */
export function sampleView({ rows, columns, values }, frame, width, height) {
  const out = new Int32Array(width * height);
  const [ax, ay] = frame.across;
  const [dx, dy] = frame.down;
  // four samples per pixel when the film is shrunk, so that grain does not turn into patterns
  const far = Math.max(Math.hypot(ax, ay), Math.hypot(dx, dy)) > 1.5 ? 0.25 : 0;
  const [px, py, qx, qy] = [(ax + dx) * far, (ay + dy) * far, (ax - dx) * far, (ay - dy) * far];
  const [lastColumn, lastRow] = [columns - 1, rows - 1];
  const at = (x, y) => {
    const c = x < 0 ? 0 : x > lastColumn ? lastColumn : (x + 0.5) | 0;
    const r = y < 0 ? 0 : y > lastRow ? lastRow : (y + 0.5) | 0;
    return values[r * columns + c];
  };
  for (let row = 0, i = 0; row < height; row++) {
    let x = frame.x + row * dx;
    let y = frame.y + row * dy;
    for (let column = 0; column < width; column++, i++, x += ax, y += ay) {
      if (x < -0.5 || y < -0.5 || x >= columns - 0.5 || y >= rows - 0.5) out[i] = OUTSIDE;
      else if (far === 0) out[i] = at(x, y);
      else out[i] = (at(x - px, y - py) + at(x + px, y + py) + at(x - qx, y - qy) + at(x + qx, y + qy)) >> 2;
    }
  }
  return out;
}

/** Marks samples beside the film; below every int16 and uint16. */
export const OUTSIDE = -100000;

/**
 * Greys of sampled values, black beside the film.
 *
 * @param {Int32Array} samples
 * @param {Uint8ClampedArray} table grey of value min + i
 * @param {number} min
 * @param {Uint32Array} pixels RGBA words to fill
 */
export function paintGreys(samples, table, min, pixels) {
  for (let i = 0; i < samples.length; i++) {
    const grey = samples[i] === OUTSIDE ? 0 : table[samples[i] - min];
    pixels[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
}
