import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb } from './outfit.js';

/** Pixels of the canvas. */
export type Point = readonly [x: number, y: number];

/** From where light comes, in the picture. */
const LIGHT: Point = [-0.8, -0.6];

/** A colour in light (more than 1) or shade. */
export function shaded([r, g, b]: Rgb, light: number, opacity = 1): string {
  const channel = (value: number): number => Math.round(Math.min(255, value * light));
  return `rgba(${channel(r)}, ${channel(g)}, ${channel(b)}, ${opacity})`;
}

/** Something round seen from the side: light where it faces the light, darker to its edges. `from` and `to` are the edges. */
export function roundness(context: SKRSContext2D, color: Rgb, from: Point, to: Point) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const facing = (dx * LIGHT[0] + dy * LIGHT[1]) / length;
  const gradient = context.createLinearGradient(from[0], from[1], to[0], to[1]);
  const lights = [-1, -0.72, -0.3, 0.1, 0.5, 0.8, 1];
  for (const across of lights) {
    const depth = Math.sqrt(Math.max(0, 1 - across * across));
    const light = 0.5 + 0.42 * depth + 0.24 * across * facing;
    gradient.addColorStop((across + 1) / 2, shaded(color, light));
  }
  return gradient;
}

/** A limb that tapers from one place to another, with round ends. */
export function limb(
  context: SKRSContext2D,
  from: Point,
  to: Point,
  radii: readonly [number, number],
  color: Rgb,
): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
  const wide = Math.max(...radii);
  context.beginPath();
  context.arc(from[0], from[1], radii[0], angle + Math.PI / 2, angle - Math.PI / 2);
  context.arc(to[0], to[1], radii[1], angle - Math.PI / 2, angle + Math.PI / 2);
  context.closePath();
  context.fillStyle = roundness(
    context,
    color,
    [from[0] - nx * wide, from[1] - ny * wide],
    [from[0] + nx * wide, from[1] + ny * wide],
  );
  context.fill();
}

/** A closed line without corners through the middles between points. */
export function smoothOutline(context: SKRSContext2D, points: readonly Point[]): void {
  const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const at = (index: number): Point => points[index % points.length] as Point;
  context.beginPath();
  context.moveTo(...middle(at(points.length - 1), at(0)));
  for (let i = 0; i < points.length; i++) context.quadraticCurveTo(...at(i), ...middle(at(i), at(i + 1)));
  context.closePath();
}

/** An ellipse, turned by `angle`. */
export function oval(context: SKRSContext2D, [x, y]: Point, rx: number, ry: number, angle: number, fill: string): void {
  context.beginPath();
  context.ellipse(x, y, Math.max(0.1, rx), Math.max(0.1, ry), angle, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}
