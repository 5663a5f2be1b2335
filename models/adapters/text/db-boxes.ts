import type { InlineTensor } from '../../tensor.js';
import { connectedRuns, type Run } from './connected-runs.js';
import { cornersOf, minAreaRectangle, type TiltedRectangle } from './min-area-rectangle.js';
import type { Point, Quad } from './quad.js';

/** How boxes are found in a map of probabilities. */
export interface DbBoxOptions {
  /** Mean probability inside a box below which it is dropped. */
  readonly boxScore: number;
  /** Boxes grow by area × this ÷ perimeter on all sides: the map shows a shrunken kernel of each line. */
  readonly unclip: number;
  /** Boxes with a shorter side are dropped, pixels of the map, before growing. */
  readonly minSide: number;
}

/** A box in pixels of the map, pixel centres at half coordinates. */
export interface DbBox {
  readonly quad: Quad;
  readonly score: number;
}

/** What `dbStage` gives. */
export type DbMap = Readonly<Record<'runStarts' | 'runEnds' | 'rowSums', InlineTensor>>;

/**
 * Boxes of lines of text: for each connected piece of the map the rectangle of the smallest area, scored, and grown to the size that the
 * kernel was shrunken from.
 *
 * @see Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization", 3.4
 */
export function dbBoxes(map: DbMap, { boxScore, unclip, minSide }: DbBoxOptions): readonly DbBox[] {
  const boxes: DbBox[] = [];
  for (const component of connectedRuns(runsOf(map))) {
    const rectangle = minAreaRectangle(outline(component));
    if (Math.min(rectangle.width, rectangle.height) < minSide) continue;
    const score = meanInside(map.rowSums, cornersOf(rectangle));
    if (score < boxScore) continue;
    boxes.push({ quad: orderedQuad(grown(rectangle, unclip)), score });
  }
  return boxes;
}

function runsOf({ runStarts, runEnds }: DbMap): Run[] {
  const [starts, ends] = [runStarts.data as Int32Array, runEnds.data as Int32Array];
  const count = runStarts.shape[1] ?? 0;
  return Array.from({ length: count }, (_, i) => ({
    row: starts[i] ?? 0,
    from: starts[count + i] ?? 0,
    to: (ends[count + i] ?? 0) + 1,
  }));
}

/** Centres of the pixels at the ends of runs, among which are the corners of the convex hull. */
function outline(component: readonly Run[]): Point[] {
  return component.flatMap(({ row, from, to }): Point[] => [
    [from + 0.5, row + 0.5],
    [to - 0.5, row + 0.5],
  ]);
}

function grown(rectangle: TiltedRectangle, unclip: number): TiltedRectangle {
  const { width, height } = rectangle;
  const distance = (width * height * unclip) / (2 * (width + height));
  return { ...rectangle, width: width + 2 * distance, height: height + 2 * distance };
}

/** Mean over the pixels whose centres lie in a convex polygon, its outline included. */
function meanInside(rowSums: InlineTensor, corners: readonly Point[]): number {
  const [rows = 0, stride = 0] = rowSums.shape;
  const sums = rowSums.data as Float32Array;
  const ys = corners.map(([, y]) => y - 0.5);
  let [sum, count] = [0, 0];
  for (
    let row = Math.max(0, Math.ceil(Math.min(...ys) - 1e-6));
    row <= Math.min(rows - 1, Math.max(...ys) + 1e-6);
    row++
  ) {
    const [left, right] = crossing(corners, row + 0.5);
    const from = Math.max(0, Math.round(left - 0.5));
    const to = Math.min(stride - 2, Math.round(right - 0.5)) + 1;
    if (to <= from) continue;
    sum += (sums[row * stride + to] ?? 0) - (sums[row * stride + from] ?? 0);
    count += to - from;
  }
  return count === 0 ? 0 : sum / count;
}

/** Where the line at height `y` enters and leaves a convex polygon. */
function crossing(corners: readonly Point[], y: number): [number, number] {
  let [left, right] = [Infinity, -Infinity];
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length] as Point;
    if (Math.min(ay, by) > y + 1e-6 || Math.max(ay, by) < y - 1e-6) return;
    const ends =
      Math.abs(by - ay) < 1e-6 ? [ax, bx] : [ax + (bx - ax) * Math.min(1, Math.max(0, (y - ay) / (by - ay)))];
    left = Math.min(left, ...ends);
    right = Math.max(right, ...ends);
  });
  return [left, right];
}

/** The corners from the left upper one: of the two most to the left the upper one. */
function orderedQuad(rectangle: TiltedRectangle): Quad {
  const corners = cornersOf(rectangle);
  const leftmost = corners.map((corner, i) => ({ corner, i })).sort((a, b) => a.corner[0] - b.corner[0]);
  const [first, second] = leftmost.slice(0, 2) as [{ corner: Point; i: number }, { corner: Point; i: number }];
  const start = first.corner[1] <= second.corner[1] ? first.i : second.i;
  return [0, 1, 2, 3].map((step) => corners[(start + step) % 4]) as unknown as Quad;
}
