import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Body } from './body.js';
import type { Outfit } from './outfit.js';
import { limb, oval, type Point, roundness, shaded } from './paint.js';
import { plus, type Vector } from './vector.js';
import { seen, type View } from './view.js';

/** Half the width and height of the skull, heights. */
const WIDE = 0.05;
const TALL = 0.068;

/** What parts of a head need to be drawn. */
interface Head {
  readonly context: SKRSContext2D;
  readonly view: View;
  readonly outfit: Outfit;
  /** A place of the head: to its left, above its middle, ahead of it; heights. */
  readonly at: (left: number, above: number, ahead: number) => Point;
  /** How far towards the camera such a place is. */
  readonly near: (left: number, ahead: number) => number;
  readonly angle: number;
  /** 1: one sees the face, 0: the profile, -1: the back of the head. */
  readonly facing: number;
}

function headOf(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): Head {
  const place = (left: number, above: number, ahead: number): Vector =>
    plus(plus(plus(body.head, body.headLeft, left), body.up, above), body.face, ahead);
  return {
    ...{ context, view, outfit },
    at: (left, above, ahead) => seen(view, place(left, above, ahead)),
    near: (left, ahead) => body.headLeft[2] * left + body.face[2] * ahead,
    angle: Math.atan2(body.up[0], body.up[1]),
    facing: body.face[2],
  };
}

/** The neck, which clothes cover in part. */
export function drawNeck(context: SKRSContext2D, body: Body, view: View, { skin, girth = 1 }: Outfit): void {
  const [from, to] = [plus(body.neck, body.up, -0.01), plus(body.neck, body.up, 0.07)];
  const radius = 0.031 * girth * view.height;
  limb(context, seen(view, from), seen(view, to), [radius * 1.15, radius], dim(skin, 0.86));
}

/** Hair that falls on the shoulders: behind the trunk of who faces the camera. */
export function drawLongHair(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): void {
  if (!outfit.longHair) return;
  const head = headOf(context, body, view, outfit);
  const [from, to] = [head.at(0, 0.01, -0.008), head.at(0, -0.09, -0.022)];
  const flat = 0.75 + 0.25 * Math.abs(head.facing);
  limb(context, from, to, [0.062 * flat * view.height, 0.05 * flat * view.height], outfit.hair);
}

/** The head with its hair and, where one sees it, its face. */
export function drawHead(context: SKRSContext2D, body: Body, view: View, outfit: Outfit): void {
  const head = headOf(context, body, view, outfit);
  drawHair(head);
  drawEars(head);
  if (head.facing < -0.35) return;
  drawSkin(head);
  drawFringe(head);
  drawFeatures(head);
}

function drawHair({ context, view: { height }, outfit, at, angle }: Head): void {
  const [x, y] = at(0, 0.011, -0.009);
  const [rx, ry] = [WIDE * 1.13 * height, TALL * 1.02 * height];
  context.beginPath();
  context.ellipse(x, y, rx, ry, angle, 0, 2 * Math.PI);
  context.fillStyle = roundness(context, outfit.hair, [x - rx, y - ry * 0.4], [x + rx, y + ry * 0.4]);
  context.fill();
}

function drawEars({ context, view: { height }, outfit, at, near, angle, facing }: Head): void {
  if (outfit.longHair && Math.abs(facing) < 0.8) return;
  for (const side of [-1, 1]) {
    if (near(side * 0.05, 0) < -0.03) continue;
    const flat = 0.006 + 0.008 * (1 - Math.abs(facing));
    const place = at(side * 0.05, -0.002, -0.002);
    oval(context, place, flat * 1.3 * height, 0.017 * height, angle, shaded(outfit.skin, 0.72));
    oval(context, place, flat * 0.8 * height, 0.012 * height, angle, shaded(outfit.skin, 0.86));
  }
}

function drawSkin({ context, view: { height }, outfit, at, angle, facing }: Head): void {
  const turned = Math.sqrt(1 - facing * facing);
  const [x, y] = at(0, -0.009, 0.017 * turned + 0.004);
  const [rx, ry] = [(WIDE * 0.97 - 0.009 * turned) * height, TALL * 0.96 * height];
  if (turned > 0.4)
    oval(context, at(0, -0.014, 0.058), 0.011 * height, 0.008 * height, angle, shaded(outfit.skin, 0.85));
  context.beginPath();
  context.ellipse(x, y, rx, ry, angle, 0, 2 * Math.PI);
  const light = context.createRadialGradient(x - rx * 0.25, y - ry * 0.15, rx * 0.2, x, y, ry * 1.1);
  light.addColorStop(0, shaded(outfit.skin, 1.1));
  light.addColorStop(0.6, shaded(outfit.skin, 0.97));
  light.addColorStop(1, shaded(outfit.skin, 0.66));
  context.fillStyle = light;
  context.fill();
}

/** Hair over the brow. */
function drawFringe({ context, view: { height }, outfit, at, angle }: Head): void {
  const [x, y] = at(0, 0.034, 0.001);
  const [rx, ry] = [WIDE * 1.1 * height, 0.043 * height];
  context.beginPath();
  context.ellipse(x, y, rx, ry, angle, Math.PI, 2 * Math.PI);
  context.ellipse(x, y, rx, ry * 0.3, angle, 0, Math.PI, true);
  context.closePath();
  context.fillStyle = roundness(context, outfit.hair, [x - rx, y - ry], [x + rx, y]);
  context.fill();
}

function drawFeatures(head: Head): void {
  const { context, view, outfit, at, near, angle, facing } = head;
  const { height } = view;
  const flat = 0.45 + 0.55 * Math.max(0, facing);
  for (const side of [-1, 1]) {
    if (near(side * 0.02, 0.044) < 0.004) continue;
    const eye = at(side * 0.02, 0.008, 0.046);
    oval(
      context,
      at(side * 0.02, 0.009, 0.045),
      0.015 * flat * height,
      0.01 * height,
      angle,
      shaded(outfit.skin, 0.72, 0.6),
    );
    oval(context, eye, 0.0105 * flat * height, 0.006 * height, angle, 'rgb(238, 236, 232)');
    oval(context, eye, 0.0055 * height * Math.sqrt(flat), 0.0058 * height, angle, 'rgb(38, 28, 24)');
    oval(
      context,
      at(side * 0.021, 0.021, 0.044),
      0.0135 * flat * height,
      0.0026 * height,
      angle,
      shaded(outfit.hair, 0.8, 0.75),
    );
  }
  oval(context, at(0, -0.012, 0.053), 0.0075 * height, 0.011 * height, angle, shaded(outfit.skin, 0.82));
  oval(context, at(-0.002, -0.01, 0.057), 0.004 * height, 0.008 * height, angle, shaded(outfit.skin, 1.12));
  const mouth = at(0, -0.036, 0.046);
  oval(context, mouth, 0.017 * flat * height, 0.0055 * height, angle, shaded([170, 84, 80], outfit.skin[0] / 240));
  oval(context, mouth, 0.016 * flat * height, 0.0014 * height, angle, 'rgba(60, 20, 24, 0.8)');
  oval(context, at(0, -0.06, 0.036), 0.02 * flat * height, 0.008 * height, angle, shaded(outfit.skin, 1.06, 0.35));
}

function dim([r, g, b]: Outfit['skin'], light: number): Outfit['skin'] {
  return [r * light, g * light, b * light];
}
