import type { PictureSize } from '../../pipeline/index.js';

/** From pixels of the picture that a result was attached to, to pixels of the source as it is shown. */
export interface SourceMapping {
  /** Of the picture that the result was attached to. */
  readonly attached: PictureSize;
  /** Of the source's pictures as they are decoded. */
  readonly source: PictureSize;
  /** Degrees clockwise by which the source is turned to be shown: 0, 90, 180 or 270. */
  readonly rotation: number;
}

type Place = readonly [x: number, y: number];

/** Size of the source as it is shown. */
export function shownSize({ width, height }: PictureSize, rotation: number): PictureSize {
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

/**
 * A result with its places in pixels of the source. Places are, in the result itself or in each item of a list: `box` (`[x1, y1, x2, y2]`) and `keypoints`
 * (lists of x, y and more). A key point whose place is no number becomes zeros. Scaling is undone, cropping, padding and turning by filters is not.
 *
 * @param result Plain JSON.
 */
export function toSource(result: unknown, mapping: SourceMapping): unknown {
  if (Array.isArray(result)) return result.map((item) => placesOf(item, mapping));
  return placesOf(result, mapping);
}

function placesOf(item: unknown, mapping: SourceMapping): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const { box, keypoints } = item as { box?: unknown; keypoints?: unknown };
  return {
    ...item,
    ...(isNumbers(box, 4) ? { box: boxOf(box, mapping) } : {}),
    ...(Array.isArray(keypoints) ? { keypoints: keypoints.map((point) => pointOf(point, mapping)) } : {}),
  };
}

function boxOf([x1, y1, x2, y2]: readonly number[], mapping: SourceMapping): number[] {
  const [ax, ay] = turned([x1 as number, y1 as number], mapping);
  const [bx, by] = turned([x2 as number, y2 as number], mapping);
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

function pointOf(point: unknown, mapping: SourceMapping): unknown {
  if (!Array.isArray(point)) return point;
  if (!isNumbers(point, point.length)) return point.map(() => 0);
  const [x, y, ...rest] = point;
  return x === undefined || y === undefined ? point : [...turned([x, y], mapping), ...rest];
}

function turned([x, y]: Place, { attached, source, rotation }: SourceMapping): Place {
  const { width, height } = source;
  const [sx, sy] = [(x * width) / attached.width, (y * height) / attached.height];
  if (rotation === 90) return [height - sy, sx];
  if (rotation === 180) return [width - sx, height - sy];
  if (rotation === 270) return [sy, width - sx];
  return [sx, sy];
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'number');
}
