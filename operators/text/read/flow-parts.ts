import type { Bounds } from '../quad-math.js';

/** Corners of parts are multiples of it, so that the pyramid of a part has the pixels of that of the whole. */
const GRID = 8;

type PictureSize = Readonly<Record<'width' | 'height', number>>;

/** A part of a picture, and which of the groups of points are looked for in it. */
export interface FlowPart {
  readonly bounds: Bounds;
  readonly groups: readonly number[];
}

/**
 * Parts of a picture in which groups of points are looked for: pyramids and gradients of the whole would take longer than the points. Parts that share so much that
 * one around both is no larger are one.
 *
 * @param boxes Of each group, where its points are and where they are guessed: `[left, top, right, bottom]`, pixels.
 * @param room Around them, pixels.
 */
export function flowParts(boxes: readonly Bounds[], room: number, size: PictureSize): readonly FlowPart[] {
  const parts: FlowPart[] = [];
  boxes.forEach((box, group) => {
    let part: FlowPart = { bounds: withRoom(box, room, size), groups: [group] };
    for (let i = 0; i < parts.length; i++) {
      const other = parts[i] as FlowPart;
      const both = around(part.bounds, other.bounds);
      if (area(both) > area(part.bounds) + area(other.bounds)) continue;
      part = { bounds: both, groups: [...other.groups, ...part.groups] };
      parts.splice(i, 1);
      // The larger one may reach others by now.
      i = -1;
    }
    parts.push(part);
  });
  return parts;
}

function withRoom([left, top, right, bottom]: Bounds, room: number, { width, height }: PictureSize): Bounds {
  const low = (value: number, most: number): number =>
    Math.max(0, Math.min(most, Math.floor((value - room) / GRID) * GRID));
  const high = (value: number, most: number): number => Math.max(0, Math.min(most, Math.ceil(value + room)));
  return [low(left, width), low(top, height), high(right, width), high(bottom, height)];
}

function around(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function area([left, top, right, bottom]: Bounds): number {
  return (right - left) * (bottom - top);
}
