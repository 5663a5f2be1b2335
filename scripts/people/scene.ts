import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Backdrop, grain, paintBackdrop } from './backdrop.js';
import { type Body, bodyOf } from './body.js';
import { drawFigure } from './draw-figure.js';
import type { Motion } from './motions.js';
import type { Outfit } from './outfit.js';
import type { Point } from './paint.js';
import { seen, type View } from './view.js';

/** Somebody in a scene. */
export interface Actor {
  readonly name: string;
  readonly outfit: Outfit;
  /** Where they stand, or begin: shares of the picture's width and height. */
  readonly at: readonly [x: number, y: number];
  /** How high they are upright: share of the picture's height. */
  readonly height: number;
  readonly motion: Motion;
}

/** What is drawn. */
export interface Scene {
  readonly backdrop: Backdrop;
  readonly actors: readonly Actor[];
}

/** Where somebody really is. */
export interface DrawnPerson {
  readonly name: string;
  /** 17, in the order of COCO: pixels, pixel centres at halves. */
  readonly joints: readonly Point[];
  /** Pixels: how high the person is upright. */
  readonly height: number;
  /** `[x1, y1, x2, y2]`, pixels: what the joints fill. */
  readonly box: readonly [number, number, number, number];
}

/** A picture of a scene and who is in it. */
export interface DrawnScene {
  readonly canvas: Canvas;
  readonly people: readonly DrawnPerson[];
}

/** Canvas pixels for each pixel of the picture, and how soft a lens is, pixels. */
const OVERSAMPLING = 2;
const SOFTNESS = 0.5;
const GRAIN = 256;
let grains: readonly Canvas[] | undefined;

/** Draws a scene as it is at a moment; the same pixels each time. People lower in the picture are in front. */
export function drawScene({ backdrop, actors }: Scene, width: number, height: number, seconds = 0): DrawnScene {
  const large = createCanvas(width * OVERSAMPLING, height * OVERSAMPLING);
  const context = large.getContext('2d');
  context.drawImage(paintBackdrop(backdrop, large.width, large.height), 0, 0);
  const staged = actors.map((actor) => stage(actor, width, height, seconds));
  for (const { body, view, outfit } of staged.toSorted((a, b) => a.view.feet[1] - b.view.feet[1])) {
    const [x, y] = view.feet;
    const enlarged = {
      feet: [x * OVERSAMPLING, y * OVERSAMPLING] as const,
      height: view.height * OVERSAMPLING,
    };
    drawFigure(context, body, enlarged, outfit);
  }
  return { canvas: filmed(large, width, height, seconds), people: staged.map(({ truth }) => truth) };
}

interface Staged {
  readonly body: Body;
  readonly view: View;
  readonly outfit: Outfit;
  readonly truth: DrawnPerson;
}

function stage(
  { name, outfit, at, height: share, motion }: Actor,
  width: number,
  height: number,
  seconds: number,
): Staged {
  const { posture, moved } = motion(seconds);
  const tall = share * height;
  const view: View = { feet: [at[0] * width + moved * tall, at[1] * height], height: tall };
  const body = bodyOf(posture);
  const joints = body.joints.map((joint) => seen(view, joint));
  const [xs, ys] = [joints.map(([x]) => x), joints.map(([, y]) => y)];
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  return { body, view, outfit, truth: { name, joints, height: tall, box } };
}

/** As a camera takes it: a little soft, with noise that changes from picture to picture. */
function filmed(large: Canvas, width: number, height: number, seconds: number): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.filter = `blur(${SOFTNESS}px)`;
  context.drawImage(large, 0, 0, width, height);
  context.filter = 'none';
  context.globalCompositeOperation = 'soft-light';
  context.globalAlpha = 0.16;
  grains ??= [11, 12, 13, 14, 15].map((seed) => grain(GRAIN, GRAIN, seed));
  const tile = grains[Math.round(seconds * 1000) % grains.length] as Canvas;
  for (let x = 0; x < width; x += GRAIN) {
    for (let y = 0; y < height; y += GRAIN) context.drawImage(tile, x, y);
  }
  return canvas;
}
