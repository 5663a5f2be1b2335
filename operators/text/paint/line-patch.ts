import { chromaShift, type VideoFrame } from '../../../pipeline/index.js';
import { chained, type PlaneMap, scaledBy } from '../plane-map.js';

/** Rows of a patch for the height of its line at most: finer than that nothing needs to be for a ground to be smooth. */
const MOST_LINE_ROWS = 48;
const MOST_COLUMNS = 640;
/** Reach before, after, above and below the line, in its heights. */
const MARGIN_ALONG = 0.8;
const MARGIN_ACROSS = 0.4;

/** Samples over the plane of a line of text. */
export interface PatchPlane {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly values: Float32Array;
}

/**
 * The surroundings of a line of text, laid level: the line takes the rectangle (0, 0)–(`lineWidth`, `lineHeight`) in its own units (pixels of the frame in
 * which it was seen first), with a margin around it. Luma has {@link columns} × {@link rows} samples, chroma half of both.
 */
export class PatchGrid {
  readonly lineWidth: number;
  readonly lineHeight: number;
  /** Reach before and after the line, and above and below it, units. */
  readonly marginX: number;
  readonly marginY: number;
  readonly columns: number;
  readonly rows: number;

  constructor(lineWidth: number, lineHeight: number) {
    this.lineWidth = lineWidth;
    this.lineHeight = lineHeight;
    this.marginX = MARGIN_ALONG * lineHeight;
    this.marginY = MARGIN_ACROSS * lineHeight;
    const down = Math.min(1, MOST_LINE_ROWS / lineHeight);
    this.rows = Math.max(8, Math.round((lineHeight + 2 * this.marginY) * down));
    this.columns = Math.min(MOST_COLUMNS, Math.max(8, Math.round((lineWidth + 2 * this.marginX) * down)));
  }

  /** Samples for one unit of the line, right and down. */
  get density(): readonly [number, number] {
    return [this.columns / (this.lineWidth + 2 * this.marginX), this.rows / (this.lineHeight + 2 * this.marginY)];
  }

  /** From places in the line's units to samples, whose centres are at half coordinates. @param level 0 for luma, 1 for chroma. */
  toSamples(level: 0 | 1): PlaneMap {
    const [across, down] = this.density.map((density) => density / 2 ** level) as [number, number];
    return scaledBy(across, down, this.marginX * across, this.marginY * down);
  }

  /** All of the patch, in the line's units: left, top, right, bottom. */
  get bounds(): readonly [number, number, number, number] {
    const { marginX, marginY, lineWidth, lineHeight } = this;
    return [-marginX, -marginY, lineWidth + marginX, lineHeight + marginY];
  }

  /** An empty plane. @param level 0 for luma, 1 for chroma. */
  plane(level: 0 | 1): PatchPlane {
    const [width, height] = level === 0 ? [this.columns, this.rows] : [(this.columns + 1) >> 1, (this.rows + 1) >> 1];
    return { width, height, values: new Float32Array(width * height) };
  }
}

/** What patches are read from: a frame, or a copy of its planes. */
export type PatchSource = Pick<VideoFrame, 'pixelFormat' | 'bitDepth' | 'planes' | 'plane'>;

/** Luma, Cb and Cr around a line. */
export type LinePatch = readonly [PatchPlane, PatchPlane, PatchPlane];

/** An empty patch. */
export function emptyPatch(grid: PatchGrid): LinePatch {
  return [grid.plane(0), grid.plane(1), grid.plane(1)];
}

/**
 * Reads the surroundings of a line: codes of 8 bits, with fractions. Outside the frame its edge goes on.
 *
 * @param frame Stays the caller's.
 * @param toFrame From the line's units to pixels of the frame.
 * @param patch Written.
 */
export function readPatch(frame: PatchSource, grid: PatchGrid, toFrame: PlaneMap, patch: LinePatch): void {
  const shift = chromaShift(frame.pixelFormat);
  for (const index of [0, 1, 2] as const) {
    const { x, y } = index === 0 ? { x: 0, y: 0 } : shift;
    const [across, down] = grid.density.map((density) => density / (index === 0 ? 1 : 2)) as [number, number];
    const fromSamples = scaledBy(1 / across, 1 / down, -grid.marginX, -grid.marginY);
    const map = chained(scaledBy(1 / 2 ** x, 1 / 2 ** y), chained(toFrame, fromSamples));
    readPlane(frame, index, map, patch[index]);
  }
}

function readPlane(frame: PatchSource, index: 0 | 1 | 2, map: PlaneMap, to: PatchPlane): void {
  const plane = frame.plane(index);
  const { width, height } = frame.planes[index];
  const { values, width: columns, height: rows } = to;
  const unit = 1 / 2 ** (frame.bitDepth - 8);
  const [lastColumn, lastRow] = [width - 1, height - 1];
  const [stepU, stepV, stepW] = [map[0], map[3], map[6]];
  // Without calls: this is done for all lines in all frames.
  for (let row = 0, at = 0; row < rows; row++) {
    const y = row + 0.5;
    const startU = map[1] * y + map[2];
    const startV = map[4] * y + map[5];
    const startW = map[7] * y + map[8];
    for (let column = 0; column < columns; column++, at++) {
      const x = column + 0.5;
      const nearness = 1 / (stepW * x + startW);
      const planeX = (stepU * x + startU) * nearness - 0.5;
      const planeY = (stepV * x + startV) * nearness - 0.5;
      const u = planeX > 0 ? (planeX < lastColumn ? planeX : lastColumn) : 0;
      const v = planeY > 0 ? (planeY < lastRow ? planeY : lastRow) : 0;
      const left = u | 0;
      const top = v | 0;
      const first = top * width + left;
      const right = left < lastColumn ? 1 : 0;
      const below = top < lastRow ? width : 0;
      const a = plane[first] as number;
      const c = plane[first + below] as number;
      const upper = a + ((plane[first + right] as number) - a) * (u - left);
      const lower = c + ((plane[first + below + right] as number) - c) * (u - left);
      values[at] = (upper + (lower - upper) * (v - top)) * unit;
    }
  }
}
