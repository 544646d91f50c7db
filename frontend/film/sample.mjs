/**
 * What a viewport shows, sampled straight from the values. Pure. Computers without a graphics card draw films so, and the
 * magnifier.
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

/** @type {WeakMap<object, {rows: number, columns: number, values: ArrayLike<number>}[]>} each film with its halves, made when first needed */
const shrunken = new WeakMap();
const AVERAGED = 1.25; // film pixels per sample from which four are averaged; from twice that on, of the film halved both ways

/** The film with half as many rows and columns, each pixel the mean of four; an odd edge counts twice. */
export function halved({ rows, columns, values }) {
  const [high, wide] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const out = new values.constructor(high * wide);
  for (let row = 0, i = 0; row < high; row++) {
    const above = 2 * row * columns;
    const below = 2 * row + 1 < rows ? above + columns : above;
    const even = columns >> 1;
    for (let c = 0, j = 0; c < even; c++, j += 2, i++) {
      out[i] = (values[above + j] + values[above + j + 1] + values[below + j] + values[below + j + 1] + 2) >> 2;
    }
    if (columns & 1) out[i++] = (values[above + columns - 1] + values[below + columns - 1] + 1) >> 1;
  }
  return { rows: high, columns: wide, values: out };
}

/** Take the half of a film that a thread has made. */
export const keepHalf = (picture, half) => shrunken.set(picture, [picture, half]);

function level(picture, n) {
  if (!shrunken.has(picture)) shrunken.set(picture, [picture]);
  const levels = shrunken.get(picture);
  while (levels.length <= n) levels.push(halved(levels.at(-1)));
  return levels[n];
}

/**
 * @param {{rows: number, columns: number, values: ArrayLike<number>}} picture
 * @param {Frame} frame
 * @param {number} width samples
 * @param {number} height samples
 * @returns {Int32Array} values, or OUTSIDE; between pixels where the film is enlarged, means where it is shrunk, so that
 *   grain does not turn into patterns
 */
export function sampleView(picture, frame, width, height) {
  const step = Math.max(Math.hypot(...frame.across), Math.hypot(...frame.down));
  const n = Math.max(0, Math.floor(Math.log2(step / AVERAGED)));
  const { rows, columns, values } = level(picture, n);
  const part = 2 ** -n;
  const move = (v) => (v + 0.5) * part - 0.5; // the middle of a pixel of the halved film lies between two of the film
  const [ax, ay] = frame.across.map((v) => v * part);
  const [dx, dy] = frame.down.map((v) => v * part);
  const [right, bottom] = [move(picture.columns - 0.5), move(picture.rows - 0.5)];
  const far = step * part >= AVERAGED ? 0.25 : 0;
  const start = [move(frame.x), move(frame.y)];
  if (ay === 0 && dx === 0) return straight({ rows, columns, values }, { start, ax, dy, far, right, bottom }, width, height);
  const out = new Int32Array(width * height);
  const [px, py, qx, qy] = [(ax + dx) * far, (ay + dy) * far, (ax - dx) * far, (ay - dy) * far];
  const [lastColumn, lastRow] = [columns - 1, rows - 1];
  const at = (x, y) => {
    const c = x < 0 ? 0 : x > lastColumn ? lastColumn : (x + 0.5) | 0;
    const r = y < 0 ? 0 : y > lastRow ? lastRow : (y + 0.5) | 0;
    return values[r * columns + c];
  };
  const between = (x, y) => {
    const [u, v] = [x < 0 ? 0 : x > lastColumn ? lastColumn : x, y < 0 ? 0 : y > lastRow ? lastRow : y];
    const [c, r] = [u | 0, v | 0];
    const [e, f] = [u - c, v - r];
    const i = r * columns + c;
    const [next, below] = [c < lastColumn ? 1 : 0, r < lastRow ? columns : 0];
    const above = values[i] + (values[i + next] - values[i]) * e;
    const under = values[i + below] + (values[i + below + next] - values[i + below]) * e;
    return Math.round(above + (under - above) * f);
  };
  for (let row = 0, i = 0; row < height; row++) {
    let x = start[0] + row * dx;
    let y = start[1] + row * dy;
    for (let column = 0; column < width; column++, i++, x += ax, y += ay) {
      if (x < -0.5 || y < -0.5 || x >= right || y >= bottom) out[i] = OUTSIDE;
      else if (far === 0) out[i] = between(x, y);
      else out[i] = (at(x - px, y - py) + at(x + px, y + py) + at(x - qx, y - qy) + at(x + qx, y + qy)) >> 2;
    }
  }
  return out;
}

/** Where the samples of one direction lie: the pixel before and after each, how far between them, and which are on the film. */
function line(start, step, count, far, last, end) {
  const [before, after] = [new Int32Array(count), new Int32Array(count)];
  const between = new Float64Array(count);
  const outside = new Uint8Array(count);
  const pixel = (v) => (v < 0 ? 0 : v > last ? last : (v + 0.5) | 0);
  for (let i = 0, v = start; i < count; i++, v += step) {
    if (v < -0.5 || v >= end) {
      outside[i] = 1;
    } else if (far > 0) {
      before[i] = pixel(v - step * far);
      after[i] = pixel(v + step * far);
    } else {
      const at = v < 0 ? 0 : v > last ? last : v;
      before[i] = at | 0;
      after[i] = before[i] + (before[i] < last ? 1 : 0);
      between[i] = at - before[i];
    }
  }
  return { before, after, between, outside };
}

/** The same for a film that lies upright, as nearly all do: what a column takes is found once, not once for each pixel. */
function straight({ rows, columns, values }, { start, ax, dy, far, right, bottom }, width, height) {
  const out = new Int32Array(width * height).fill(OUTSIDE);
  const x = line(start[0], ax, width, far, columns - 1, right);
  for (let row = 0, i = 0; row < height; row++, i += width) {
    const y = line(start[1] + row * dy, dy, 1, far, rows - 1, bottom);
    if (y.outside[0]) continue;
    const [above, under, f] = [y.before[0] * columns, y.after[0] * columns, y.between[0]];
    if (far > 0) {
      for (let c = 0; c < width; c++) {
        if (x.outside[c]) continue;
        const [a, b] = [x.before[c], x.after[c]];
        out[i + c] = (values[above + a] + values[under + b] + values[above + b] + values[under + a]) >> 2;
      }
    } else {
      for (let c = 0; c < width; c++) {
        if (x.outside[c]) continue;
        const [a, b, e] = [x.before[c], x.after[c], x.between[c]];
        const upper = values[above + a] + (values[above + b] - values[above + a]) * e;
        const lower = values[under + a] + (values[under + b] - values[under + a]) * e;
        out[i + c] = Math.round(upper + (lower - upper) * f);
      }
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
