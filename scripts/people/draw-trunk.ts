import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Body } from './body.js';
import type { Outfit, Rgb } from './outfit.js';
import { oval, type Point, roundness, shaded, smoothOutline } from './paint.js';
import { between, plus, type Vector } from './vector.js';
import { seen, type View } from './view.js';

/** Half the width and depth of the trunk, heights, at shares of the way from the neck to the pelvis. */
const levels: readonly (readonly [share: number, width: number, depth: number])[] = [
  [-0.13, 0.03, 0.03],
  [-0.05, 0.062, 0.042],
  [0.005, 0.116, 0.05],
  [0.13, 0.118, 0.064],
  [0.36, 0.104, 0.068],
  [0.66, 0.09, 0.06],
  [0.9, 0.102, 0.068],
  [1.06, 0.113, 0.074],
  [1.14, 0.111, 0.072],
];

/** The left of the trunk: where the shoulders say it is. */
function leftOf({ joints }: Body): Vector {
  const [left, right] = [joints[5], joints[6]] as [Vector, Vector];
  const length = Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]) || 1;
  return [(left[0] - right[0]) / length, (left[1] - right[1]) / length, (left[2] - right[2]) / length];
}

/** The edges of the trunk: what is drawn on it lies between them. */
interface Trunk {
  readonly at: (share: number, across: number) => Point;
  readonly outline: readonly Point[];
}

function trunkOf(body: Body, view: View, girth: number, belowTo: number): Trunk {
  const left = leftOf(body);
  const [top, bottom] = [seen(view, body.neck), seen(view, body.pelvis)];
  const length = Math.hypot(bottom[0] - top[0], bottom[1] - top[1]) || 1;
  const side: Point = [(bottom[1] - top[1]) / length, (top[0] - bottom[0]) / length];
  // How much of the width and of the depth one sees.
  const flat = Math.min(1, Math.abs(left[0] * side[0] - left[1] * side[1]));
  const deep = Math.sqrt(1 - flat * flat);
  const at = (share: number, across: number): Point => {
    const [x, y] = seen(view, between(body.neck, body.pelvis, share));
    const half = halfWidth(share, flat, deep) * girth * view.height * across;
    return [x + side[0] * half, y + side[1] * half];
  };
  const shares = levels.map(([share]) => share).filter((share) => share <= belowTo);
  const outline = [...shares.map((share) => at(share, 1)), ...shares.toReversed().map((share) => at(share, -1))];
  return { at, outline };
}

function halfWidth(share: number, flat: number, deep: number): number {
  const after = levels.findIndex(([at]) => at >= share);
  const [a, b] = [
    levels[Math.max(0, after - 1)],
    levels[after < 0 ? levels.length - 1 : after],
  ] as (typeof levels)[0][];
  if (a === undefined || b === undefined) return 0;
  const part = b[0] > a[0] ? Math.min(1, (share - a[0]) / (b[0] - a[0])) : 0;
  const mixed = (of: 1 | 2): number => a[of] + (b[of] - a[of]) * part;
  return Math.hypot(mixed(1) * flat, mixed(2) * deep);
}

/** Hips, in the trousers' cloth. */
export function drawHips(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): void {
  const { at, outline } = trunkOf(body, view, outfit.girth ?? 1, 2);
  const hips = outline.filter((_, index) => index >= 5 && index < outline.length - 5);
  smoothOutline(context, hips);
  context.fillStyle = roundness(context, outfit.trousers, at(1, -1), at(1, 1));
  context.fill();
}

/** Chest and belly with what is worn there. */
export function drawTrunk(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): void {
  const trunk = trunkOf(body, view, outfit.girth ?? 1, 1.1);
  const front = frontShare(body);
  const cloth = outfit.jacket ?? outfit.top;
  context.save();
  smoothOutline(context, trunk.outline);
  context.fillStyle = roundness(context, cloth, trunk.at(0.4, -1.05), trunk.at(0.4, 1.05));
  context.fill();
  context.clip();
  if (outfit.stripes !== undefined) drawStripes(context, trunk, view, outfit.stripes);
  if (outfit.jacket !== undefined && front > 0.2) drawShirt(context, trunk, view, outfit.top, body);
  drawFolds(context, trunk, view);
  context.restore();
  if (front > 0.1) drawCollar(context, body, view, outfit);
}

/** 1 where the chest faces the camera, -1 where the back does. */
function frontShare(body: Body): number {
  return leftOf(body)[0];
}

function drawStripes(context: SKRSContext2D, { at }: Trunk, { height }: View, color: Rgb): void {
  context.lineWidth = height * 0.012;
  for (let share = 0.12; share < 1.1; share += 0.13) {
    const low = at(share + 0.02, 0);
    context.beginPath();
    context.moveTo(...at(share, -1.1));
    context.quadraticCurveTo(low[0], low[1], ...at(share, 1.1));
    context.strokeStyle = shaded(color, 0.95, 0.9);
    context.stroke();
  }
}

function drawShirt(context: SKRSContext2D, { at }: Trunk, { height }: View, color: Rgb, body: Body): void {
  const ahead = -body.face[0] * 0.45;
  context.beginPath();
  context.moveTo(...at(-0.13, -0.8));
  context.lineTo(...at(0.55, ahead - 0.2));
  context.lineTo(...at(1.2, ahead - 0.34));
  context.lineTo(...at(1.2, ahead + 0.34));
  context.lineTo(...at(0.55, ahead + 0.2));
  context.lineTo(...at(-0.13, 0.8));
  context.closePath();
  context.fillStyle = roundness(context, color, at(0.4, -0.8), at(0.4, 0.8));
  context.fill();
  context.lineWidth = height * 0.006;
  context.strokeStyle = 'rgba(0, 0, 0, 0.35)';
  context.stroke();
}

/** Creases from the armpits and above the belt. */
function drawFolds(context: SKRSContext2D, { at }: Trunk, { height }: View): void {
  context.lineCap = 'round';
  const crease = (from: Point, over: Point, to: Point, width: number, dark: number): void => {
    context.beginPath();
    context.moveTo(...from);
    context.quadraticCurveTo(...over, ...to);
    context.lineWidth = height * width;
    context.strokeStyle = `rgba(10, 10, 20, ${dark})`;
    context.stroke();
  };
  for (const side of [-1, 1]) {
    crease(at(0.2, side * 0.92), at(0.3, side * 0.72), at(0.42, side * 0.6), 0.006, 0.16);
    crease(at(0.78, side), at(0.84, side * 0.6), at(0.82, side * 0.2), 0.007, 0.14);
    crease(at(0.66, side), at(0.74, side * 0.75), at(0.76, side * 0.5), 0.005, 0.12);
    crease(at(0.16, side), at(0.4, side * 0.95), at(0.7, side), 0.016, 0.1);
  }
  crease(at(1.04, -1), at(1.09, 0), at(1.04, 1), 0.008, 0.3);
}

function drawCollar(context: SKRSContext2D, body: Body, view: View, { skin, top }: Outfit): void {
  const [x, y] = seen(view, plus(body.neck, body.face, 0.02));
  const angle = Math.atan2(body.up[0], body.up[1]);
  oval(context, [x, y - view.height * 0.01], view.height * 0.042, view.height * 0.03, angle, shaded(top, 0.6));
  oval(context, [x, y - view.height * 0.016], view.height * 0.035, view.height * 0.026, angle, shaded(skin, 0.82));
}
