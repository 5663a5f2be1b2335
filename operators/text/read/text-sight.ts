import { lyingQuad } from '../../../models/adapters/text/quad.js';
import type { TextBox } from '../../../models/adapters/text/text-detector.js';
import type { PictureSize } from '../../../pipeline/index.js';
import { areaOf, isConvex, lineHeight } from '../quad-math.js';
import type { Point, TextQuad } from '../texts-meta.js';

/** Lines lower than this cannot be read, pixels. */
const LEAST_HEIGHT = 5;
const LEAST_AREA = 40;
/** Letters get no more legible above this height, pixels. */
const CLEAR_HEIGHT = 32;

/** Corners this near to the edge of the picture lie on it, pixels. */
const EDGE = 1.5;

/**
 * The most legible lines: high ones that the network is sure of. What cannot be read is left out: what is too small, and lines that the edge of the picture cuts lengthwise.
 *
 * @param most How many at most.
 */
export function legibleBoxes(boxes: readonly TextBox[], most: number, size: PictureSize): readonly TextBox[] {
  const legibility = ({ quad, score }: TextBox): number => score * Math.min(CLEAR_HEIGHT, lineHeight(quad));
  return boxes
    .filter(({ quad }) => isLine(quad) && !isCutLengthwise(lyingQuad(quad), size))
    .sort((a, b) => legibility(b) - legibility(a))
    .slice(0, most);
}

function isLine(quad: TextQuad): boolean {
  return isConvex(quad) && areaOf(quad) >= LEAST_AREA && lineHeight(quad) >= LEAST_HEIGHT;
}

function isCutLengthwise([a, b, c, d]: TextQuad, size: PictureSize): boolean {
  return areOnOneEdge(a, b, size) || areOnOneEdge(d, c, size);
}

function areOnOneEdge(a: Point, b: Point, { width, height }: PictureSize): boolean {
  const both = (isOn: (point: Point) => boolean): boolean => isOn(a) && isOn(b);
  return (
    both(([x]) => x <= EDGE) ||
    both(([, y]) => y <= EDGE) ||
    both(([x]) => x >= width - EDGE) ||
    both(([, y]) => y >= height - EDGE)
  );
}
