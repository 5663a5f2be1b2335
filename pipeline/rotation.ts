import type { PictureSize } from './attached-size.js';

/** A place in a picture: right, down; pixels from its left upper corner. */
export type Place = readonly [x: number, y: number];

/** `[left, top, right, bottom]`, pixels. */
type Box = readonly [number, number, number, number];

/** Size of a picture as viewers see it. @param rotation Degrees clockwise by which it is shown: 0, 90, 180 or 270. */
export function shownSize({ width, height }: PictureSize, rotation: number): PictureSize {
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** From a place in a picture as it is stored to the place in it as it is shown. @param size Of the picture as it is stored. */
export function shownPlace([x, y]: Place, { width, height }: PictureSize, rotation: number): Place {
  if (rotation === 90) return [height - y, x];
  if (rotation === 180) return [width - x, height - y];
  return rotation === 270 ? [y, width - x] : [x, y];
}

/** The way back from {@link shownPlace}. @param size Of the picture as it is stored. */
export function storedPlace(place: Place, size: PictureSize, rotation: number): Place {
  return shownPlace(place, shownSize(size, rotation), (360 - rotation) % 360);
}

/** A box whose corners are turned; its sides stay in order. */
export function turnedBox([x1, y1, x2, y2]: Box, turn: (place: Place) => Place): Box {
  const [[ax, ay], [bx, by]] = [turn([x1, y1]), turn([x2, y2])];
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}
