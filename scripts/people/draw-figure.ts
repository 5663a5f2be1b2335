import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Body } from './body.js';
import { drawHead, drawLongHair, drawNeck } from './draw-head.js';
import { drawHips, drawTrunk } from './draw-trunk.js';
import type { Outfit, Rgb } from './outfit.js';
import { limb, oval, type Point } from './paint.js';
import { between, type Vector } from './vector.js';
import { seen, type View } from './view.js';

/** The person's left and right among pairs of joints. */
type Side = 0 | 1;
const sides = [0, 1] as const;
/** The left one of each pair of joints, in the order of COCO. */
const [SHOULDER, ELBOW, WRIST, HIP, KNEE, ANKLE] = [5, 7, 9, 11, 13, 15] as const;

/** Paints a clothed person. What is farther from the camera is painted first. */
export function drawFigure(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): void {
  const legs = sides.toSorted((a, b) => depth(body, KNEE, a) - depth(body, KNEE, b));
  const behind = sides.filter((side) => depth(body, ELBOW, side) < -0.05);
  const seenFromBehind = body.face[2] < -0.2;
  drawShadow(context, body, view);
  for (const side of behind) drawArm(context, body, view, outfit, side);
  if (!seenFromBehind) drawLongHair(context, body, view, outfit);
  for (const side of legs) drawLeg(context, body, view, outfit, side);
  drawHips(context, body, view, outfit);
  drawNeck(context, body, view, outfit);
  drawTrunk(context, body, view, outfit);
  if (seenFromBehind) drawLongHair(context, body, view, outfit);
  drawHead(context, body, view, outfit);
  for (const side of sides) if (!behind.includes(side)) drawArm(context, body, view, outfit, side);
}

function joint({ joints }: Body, pair: number, side: Side): Vector {
  return joints[pair + side] ?? [0, 0, 0];
}

function depth(body: Body, pair: number, side: Side): number {
  return joint(body, pair, side)[2];
}

/** Draws limbs of one person, thick as they are. */
function limbs(context: SKRSContext2D, view: View, girth: number) {
  const thickness = view.height * girth;
  return (from: Vector, to: Vector, first: number, last: number, color: Rgb): void =>
    limb(context, seen(view, from), seen(view, to), [first * thickness, last * thickness], color);
}

function drawArm(context: SKRSContext2D, body: Body, view: View, outfit: Outfit, side: Side): void {
  const draw = limbs(context, view, outfit.girth ?? 1);
  const [shoulder, elbow, wrist] = [joint(body, SHOULDER, side), joint(body, ELBOW, side), joint(body, WRIST, side)];
  const hand = body.hands[side] ?? wrist;
  const sleeve = outfit.jacket ?? outfit.top;
  const long = outfit.longSleeves || outfit.jacket !== undefined;
  drawHand(context, [seen(view, wrist), seen(view, hand)], view.height, outfit.skin);
  if (long) {
    draw(elbow, between(elbow, wrist, 0.95), 0.031, 0.024, sleeve);
    draw(shoulder, elbow, 0.036, 0.03, sleeve);
    return;
  }
  draw(elbow, wrist, 0.0255, 0.0175, outfit.skin);
  draw(shoulder, elbow, 0.032, 0.0255, outfit.skin);
  draw(shoulder, between(shoulder, elbow, 0.62), 0.036, 0.034, sleeve);
}

/** A palm, four fingers and a thumb, from the wrist onwards. */
function drawHand(context: SKRSContext2D, [wrist, end]: readonly [Point, Point], height: number, skin: Rgb): void {
  const [x, y] = [end[0] - wrist[0], end[1] - wrist[1]];
  const at = (along: number, aside: number): Point => [
    wrist[0] + x * along - y * aside,
    wrist[1] + y * along + x * aside,
  ];
  for (const finger of [-1.5, -0.5, 0.5, 1.5]) {
    const reach = 1.62 - 0.09 * finger * finger;
    limb(context, at(0.8, finger * 0.21), at(reach, finger * 0.27), [0.0056 * height, 0.0046 * height], skin);
  }
  limb(context, at(0.35, 0.3), at(1.0, 0.72), [0.0075 * height, 0.0052 * height], skin);
  limb(context, at(0, 0), at(0.75, 0), [0.0165 * height, 0.0195 * height], skin);
}

function drawLeg(context: SKRSContext2D, body: Body, view: View, outfit: Outfit, side: Side): void {
  const draw = limbs(context, view, outfit.girth ?? 1);
  const [hip, knee, ankle] = [joint(body, HIP, side), joint(body, KNEE, side), joint(body, ANKLE, side)];
  const toe = body.toes[side] ?? ankle;
  const heel: Vector = [ankle[0], ankle[1] - 0.018, ankle[2]];
  draw(heel, [toe[0], toe[1] - 0.004, toe[2]], 0.024, 0.018, outfit.shoes);
  if (outfit.shorts) {
    draw(knee, ankle, 0.035, 0.021, outfit.skin);
    draw(hip, knee, 0.046, 0.036, outfit.skin);
    draw(hip, between(hip, knee, 0.72), 0.051, 0.05, outfit.trousers);
    return;
  }
  draw(knee, between(knee, ankle, 0.96), 0.04, 0.029, outfit.trousers);
  draw(hip, knee, 0.051, 0.04, outfit.trousers);
}

/** On the ground: wide and soft below the whole body, dark below what touches it. */
function drawShadow(context: SKRSContext2D, body: Body, view: View): void {
  const places = [...body.joints, ...body.toes];
  const middle = places.reduce((sum, [x]) => sum + x, 0) / places.length;
  const reach = Math.max(0.16, ...places.map(([x]) => Math.abs(x - middle)));
  const lift = Math.min(...body.toes.map(([, y]) => y));
  context.save();
  context.filter = `blur(${view.height * 0.018}px)`;
  const wide = seen(view, [middle + 0.06, 0, -0.02]);
  oval(context, wide, (reach + 0.04) * view.height, 0.04 * view.height, 0, 'rgba(15, 12, 20, 0.4)');
  context.filter = `blur(${view.height * 0.008}px)`;
  for (const side of sides) {
    const [x, , z] = joint(body, ANKLE, side);
    const opacity = Math.max(0, 0.5 - Math.max(0, lift) * 4);
    oval(context, seen(view, [x, 0, z]), 0.05 * view.height, 0.015 * view.height, 0, `rgba(10, 8, 14, ${opacity})`);
  }
  context.restore();
}
