import { type PictureSize, type Place, shownPlace, turnedBox } from '../../pipeline/index.js';

/** From pixels of the picture that a result was attached to, to pixels of the source as it is shown. */
export interface SourceMapping {
  /** Of the picture that the result was attached to. */
  readonly attached: PictureSize;
  /** Of the source's pictures as they are decoded. */
  readonly source: PictureSize;
  /** Degrees clockwise by which the source is turned to be shown: 0, 90, 180 or 270. */
  readonly rotation: number;
}

/**
 * A result with its places in pixels of the source. Places are, in the result itself or in each item of a list: `box` (`[x1, y1, x2, y2]`), `quad` (four
 * corners, `[x, y]` each) and `keypoints` (lists of x, y and more). A key point whose place is no number becomes zeros. Scaling is undone, cropping, padding and turning by filters is not.
 *
 * @param result Plain JSON.
 */
export function toSource(result: unknown, mapping: SourceMapping): unknown {
  if (Array.isArray(result)) return result.map((item) => placesOf(item, mapping));
  return placesOf(result, mapping);
}

function placesOf(item: unknown, mapping: SourceMapping): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const { box, quad, keypoints } = item as { box?: unknown; quad?: unknown; keypoints?: unknown };
  return {
    ...item,
    ...(isBox(box) ? { box: turnedBox(box, (place) => turned(place, mapping)) } : {}),
    ...(isQuad(quad) ? { quad: quad.map((place) => turned(place, mapping)) } : {}),
    ...(Array.isArray(keypoints) ? { keypoints: keypoints.map((point) => pointOf(point, mapping)) } : {}),
  };
}

function pointOf(point: unknown, mapping: SourceMapping): unknown {
  if (!Array.isArray(point)) return point;
  if (!isNumbers(point, point.length)) return point.map(() => 0);
  const [x, y, ...rest] = point;
  return x === undefined || y === undefined ? point : [...turned([x, y], mapping), ...rest];
}

function turned([x, y]: Place, { attached, source, rotation }: SourceMapping): Place {
  const scaled: Place = [(x * source.width) / attached.width, (y * source.height) / attached.height];
  return shownPlace(scaled, source, rotation);
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'number');
}

function isBox(value: unknown): value is [number, number, number, number] {
  return isNumbers(value, 4);
}

function isQuad(value: unknown): value is Place[] {
  return Array.isArray(value) && value.length === 4 && value.every((corner) => isNumbers(corner, 2));
}
