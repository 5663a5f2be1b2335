import { coco17, coco17Bones } from '../../../models/adapters/pose/coco-17.js';
import type { TrackedPose } from '../pose-meta.js';
import type { Rgb } from './frame-painter.js';

/** Sides of the body, the person's own; `middle` joins or lies between them. */
export type Side = 'left' | 'right' | 'middle';

/** Colours of sides: warm is left, cool is right, as on ships. */
export const sideColors: Readonly<Record<Side, Rgb>> = {
  left: [255, 122, 47],
  right: [38, 178, 255],
  middle: [236, 236, 240],
};
/** Under every line, so that it can be told from any background. */
export const OUTLINE: Rgb = [12, 14, 20];
/** Of joints, and of text on dark ground. */
export const BRIGHT: Rgb = [255, 255, 255];

const sideOfPoint: readonly Side[] = coco17.map((name) =>
  name.startsWith('left') ? 'left' : name.startsWith('right') ? 'right' : 'middle',
);

/** The side that a key point is on. */
export function pointSide(index: number): Side {
  return sideOfPoint[index] ?? 'middle';
}

/** Bones by side: one between the two sides is in the middle, one from the nose outwards belongs to the side it leads to. */
export const bonesBySide: Readonly<Record<Side, readonly (readonly [number, number])[]>> = {
  left: coco17Bones.filter(([from, to]) => boneSide(from, to) === 'left'),
  right: coco17Bones.filter(([from, to]) => boneSide(from, to) === 'right'),
  middle: coco17Bones.filter(([from, to]) => boneSide(from, to) === 'middle'),
};

function boneSide(from: number, to: number): Side {
  const [a, b] = [pointSide(from), pointSide(to)];
  if (a === b || b === 'middle') return a;
  return a === 'middle' ? b : 'middle';
}

/** Key points of the head: nose, eyes, ears. */
export const HEAD_POINTS = 5;

/** Of the score, in which a point goes from unseen to opaque. */
const FADE = 0.3;

/** How opaque a point is drawn: nothing below `minScore`, everything from 0.3 above it, so that points fade instead of flickering. */
export function opacityOf(score: number, minScore: number): number {
  const full = Math.min(1, minScore + FADE);
  if (!(score >= minScore)) return 0;
  return full > minScore ? Math.min(1, 0.15 + (0.85 * (score - minScore)) / (full - minScore)) : 1;
}

const HEIGHT_PER_RADIUS = 190;
const PERSON_PER_RADIUS = 26;
const LEAST_RADIUS = 0.55;

/** Half the width of a limb, pixels: by the height of the picture, and less for people who are small in it. */
export function limbRadius(height: number, { box }: TrackedPose, lineWidth: number): number {
  const extent = Math.max(box[2] - box[0], box[3] - box[1], 0);
  return lineWidth * Math.max(LEAST_RADIUS, Math.min(height / HEIGHT_PER_RADIUS, extent / PERSON_PER_RADIUS));
}

/** A bright colour for an identity; neighbours in number are far apart on the circle of hues. */
export function identityColor(id: number): Rgb {
  const hue = ((id * 0.618034) % 1) * 6;
  const channel = (offset: number): number => {
    const k = (offset + hue) % 6;
    return Math.round(255 * (1 - 0.72 * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}
