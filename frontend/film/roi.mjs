/** Mean and spread inside a rectangle or an ellipse, always of the values of the film and never of shown greys. Pure. */

import { lengthUnit, pixelSize } from "./measure.mjs";

/** Lowest and highest column and row of the four handles; both shapes lie along the edges of the film. */
function box(points) {
  const [x, y] = [0, 1].map((axis) => points.map((p) => p[axis]));
  return { left: Math.min(...x), right: Math.max(...x), top: Math.min(...y), bottom: Math.max(...y) };
}

/**
 * Pixels whose centre lies inside, without what is no picture.
 *
 * @param {{rows: number, columns: number, values: Uint16Array|Int16Array, hidden?: Uint8Array|null}} picture
 * @param {ReturnType<typeof box>} edges
 * @param {(row: number) => [number, number]} reach lowest and highest column of a row
 */
function statistics({ rows, columns, values, hidden }, { top, bottom }, reach) {
  let [count, mean, squares] = [0, 0, 0];
  for (let r = Math.max(0, Math.ceil(top)); r <= Math.min(rows - 1, Math.floor(bottom)); r++) {
    const [from, to] = reach(r);
    for (let c = Math.max(0, Math.ceil(from)); c <= Math.min(columns - 1, Math.floor(to)); c++) {
      const at = r * columns + c;
      if (hidden?.[at]) continue;
      count += 1; // Welford: the squares of 16-bit values over a whole film would lose digits
      const step = values[at] - mean;
      mean += step / count;
      squares += step * (values[at] - mean);
    }
  }
  return { mean: count ? mean : NaN, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN };
}

const spread = ({ mean, sd }) => [{ name: "mean", value: mean, unit: "value" }, { name: "sd", value: sd, unit: "value" }];

/**
 * Mean and standard deviation (of a sample: divided by n - 1), area and sides of a rectangle.
 *
 * @param {import("./measure.mjs").Point[]} points its corners
 * @param {import("./measure.mjs").Spacing} spacing
 * @param {object} picture values of the film as `statistics` takes them
 * @returns {import("./measure.mjs").Value[]} mean, sd, area, width, height; NaN without pixels inside
 */
export function rectangleOf(points, spacing, picture) {
  const edges = box(points);
  const [x, y] = pixelSize(spacing);
  const [width, height] = [(edges.right - edges.left) * x, (edges.bottom - edges.top) * y];
  const unit = lengthUnit(spacing);
  return [...spread(statistics(picture, edges, () => [edges.left, edges.right])), { name: "area", value: width * height, unit: `${unit}2` },
    { name: "width", value: width, unit }, { name: "height", value: height, unit }];
}

/** The same of an ellipse, from the ends of its two axes; its sides are called long and short. */
export function ellipseOf(points, spacing, picture) {
  const edges = box(points);
  const [x, y] = pixelSize(spacing);
  const [half, tall] = [(edges.right - edges.left) / 2, (edges.bottom - edges.top) / 2];
  const [column, row] = [edges.left + half, edges.top + tall];
  const reach = (r) => {
    const wide = half * Math.sqrt(Math.max(0, 1 - ((r - row) / tall) ** 2));
    return [column - wide, column + wide];
  };
  const [short, long] = [2 * half * x, 2 * tall * y].sort((a, b) => a - b);
  const unit = lengthUnit(spacing);
  return [...spread(statistics(picture, edges, reach)), { name: "area", value: (Math.PI / 4) * short * long, unit: `${unit}2` },
    { name: "long", value: long, unit }, { name: "short", value: short, unit }];
}
