/**
 * Which pixels lie inside a display shutter (PS3.3 C.7.6.11). Pure; the same lines as `radiograph/shutter.py`.
 *
 * An edge, and the rim of a circle or polygon, is itself shown: to hide picture is the worse error.
 *
 * @typedef {{rectangle?: [number, number, number, number]|null, circle?: [number, number, number, number]|null,
 *   polygon?: [number, number][]|null}} Shutter rectangle: left, right, upper, lower; circle: row, column, radius in
 *   columns, height of a row in columns; polygon: row and column of each corner; all 1-based
 */

const ROUNDING = 1e-9;

const both = (some, others) => some
  .flatMap(([a, b]) => others.map(([c, d]) => [Math.max(a, c), Math.min(b, d)])).filter(([first, last]) => first <= last);

function joined(found) {
  const whole = [];
  for (const [first, last] of found.filter(([a, b]) => a <= b).sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const before = whole.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else whole.push([first, last]);
  }
  return whole;
}

function inCircle([middle, column, radius, aspect], row) {
  const off = (row - middle) * aspect;
  const left = radius * radius - off * off;
  if (left < -ROUNDING) return [];
  const half = Math.sqrt(Math.max(left, 0));
  return [[Math.ceil(column - half - ROUNDING), Math.floor(column + half + ROUNDING)]];
}

function inPolygon(corners, row) {
  const crossings = [];
  const found = [];
  const span = (from, to) => [Math.ceil(from - ROUNDING), Math.floor(to + ROUNDING)];
  corners.forEach(([rowA, columnA], at) => {
    const [rowB, columnB] = corners[(at + 1) % corners.length];
    if (rowA === row) {
      found.push(span(columnA, columnA));
      if (rowB === row) found.push(span(Math.min(columnA, columnB), Math.max(columnA, columnB)));
    }
    if ((rowA <= row) !== (rowB <= row)) crossings.push(columnA + ((row - rowA) / (rowB - rowA)) * (columnB - columnA));
  });
  crossings.sort((a, b) => a - b);
  for (let i = 0; i + 1 < crossings.length; i += 2) found.push(span(crossings[i], crossings[i + 1]));
  return joined(found);
}

/**
 * Stretches of one row that are shown, as first and last column.
 *
 * @param {Shutter} shutter
 * @param {number} row 1-based
 * @param {number} columns of the film
 * @returns {[number, number][]}
 */
export function spans({ rectangle, circle, polygon }, row, columns) {
  let found = [[1, columns]];
  if (rectangle) {
    const [left, right, upper, lower] = rectangle;
    found = both(found, row >= upper && row <= lower ? [[left, right]] : []);
  }
  if (circle) found = both(found, inCircle(circle, row));
  if (polygon?.length) found = both(found, inPolygon(polygon, row));
  return found;
}
