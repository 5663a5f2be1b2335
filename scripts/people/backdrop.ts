import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { seeded } from './seeded.js';

/** Where people are. */
export type Backdrop = 'room' | 'street';

/** Where the ground begins: share of the picture's height, from the top. */
const HORIZON = 0.6;
const painted = new Map<string, Canvas>();

/** A place without people; the same picture each time. It stays this module's. */
export function paintBackdrop(backdrop: Backdrop, width: number, height: number): Canvas {
  const key = `${backdrop} ${width}×${height}`;
  const known = painted.get(key);
  if (known !== undefined) return known;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.scale(width, height);
  if (backdrop === 'room') paintRoom(context);
  else paintStreet(context);
  context.resetTransform();
  mottle(context, width, height);
  painted.set(key, canvas);
  return canvas;
}

function gradient(context: SKRSContext2D, from: number, to: number, first: string, last: string) {
  const colors = context.createLinearGradient(0, from, 0, to);
  colors.addColorStop(0, first);
  colors.addColorStop(1, last);
  return colors;
}

function paintRoom(context: SKRSContext2D): void {
  context.fillStyle = gradient(context, 0, HORIZON, '#cfc9bd', '#b9b2a5');
  context.fillRect(0, 0, 1, HORIZON);
  context.fillStyle = gradient(context, HORIZON, 1, '#8d7458', '#b3946f');
  context.fillRect(0, HORIZON, 1, 1 - HORIZON);
  context.lineWidth = 0.002;
  context.strokeStyle = 'rgba(50, 34, 20, 0.28)';
  for (let board = -14; board <= 14; board++) line(context, 0.5 + board * 0.045, HORIZON, 0.5 + board * 0.13, 1);
  context.fillStyle = '#e2ddd3';
  context.fillRect(0, HORIZON - 0.03, 1, 0.03);
  context.fillStyle = 'rgba(40, 30, 20, 0.35)';
  context.fillRect(0, HORIZON, 1, 0.006);
  paintWindow(context, 0.06, 0.08, 0.16, 0.34);
  context.fillStyle = '#6d5a45';
  context.fillRect(0.68, 0.1, 0.14, 0.2);
  context.fillStyle = gradient(context, 0.12, 0.28, '#8fa9b5', '#7c8a68');
  context.fillRect(0.688, 0.114, 0.124, 0.172);
}

function paintWindow(context: SKRSContext2D, x: number, y: number, width: number, height: number): void {
  context.fillStyle = '#efece6';
  context.fillRect(x - 0.008, y - 0.014, width + 0.016, height + 0.028);
  context.fillStyle = gradient(context, y, y + height, '#dfeaf2', '#b8cbd2');
  context.fillRect(x, y, width, height);
  context.fillStyle = '#efece6';
  context.fillRect(x + width / 2 - 0.003, y, 0.006, height);
  context.fillRect(x, y + height / 2 - 0.005, width, 0.01);
}

function paintStreet(context: SKRSContext2D): void {
  context.fillStyle = gradient(context, 0, HORIZON, '#b58d76', '#a07a66');
  context.fillRect(0, 0, 1, HORIZON);
  context.strokeStyle = 'rgba(70, 44, 34, 0.16)';
  context.lineWidth = 0.002;
  for (let row = 0.012; row < HORIZON; row += 0.02) line(context, 0, row, 1, row);
  for (const x of [0.05, 0.3, 0.56, 0.82]) {
    context.fillStyle = '#5b463b';
    context.fillRect(x - 0.008, 0.08, 0.126, 0.32);
    context.fillStyle = gradient(context, 0.09, 0.39, '#5f7484', '#3c4853');
    context.fillRect(x, 0.094, 0.11, 0.292);
    context.fillStyle = '#cfc4b6';
    context.fillRect(x + 0.053, 0.094, 0.004, 0.292);
    context.fillRect(x, 0.23, 0.11, 0.008);
    context.fillRect(x - 0.014, 0.4, 0.138, 0.018);
  }
  context.fillStyle = '#6f655e';
  context.fillRect(0, HORIZON - 0.06, 1, 0.06);
  context.fillStyle = gradient(context, HORIZON, 1, '#8d8c8a', '#a6a4a0');
  context.fillRect(0, HORIZON, 1, 1 - HORIZON);
  context.strokeStyle = 'rgba(40, 40, 44, 0.25)';
  for (const row of [0.645, 0.705, 0.79, 0.9]) line(context, 0, row, 1, row);
  for (let slab = -9; slab <= 9; slab++) line(context, 0.5 + slab * 0.09, HORIZON, 0.5 + slab * 0.24, 1);
}

function line(context: SKRSContext2D, ...[x1, y1, x2, y2]: readonly [number, number, number, number]): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Large soft spots and fine ones, as walls and floors have them. */
function mottle(context: SKRSContext2D, width: number, height: number): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.globalCompositeOperation = 'soft-light';
  for (const [cells, strength, seed] of [
    [9, 0.3, 1],
    [40, 0.22, 2],
    [220, 0.2, 3],
  ] as const) {
    const rows = Math.max(2, Math.round((cells * height) / width));
    context.globalAlpha = strength;
    context.drawImage(grain(cells, rows, seed), 0, 0, width, height);
  }
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}

/** Grey points of chance. */
export function grain(width: number, height: number, seed: number): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const random = seeded(seed);
  for (let i = 0; i < image.data.length; i += 4) {
    // Three draws make a bell.
    image.data.fill(Math.round(((random() + random() + random()) / 3) * 255), i, i + 3);
    image.data[i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
