import { mulberry32 } from '../../pipeline/mulberry32.js';
import type { Canvas, Point } from './canvas.js';
import { mix, type Noise } from './noise.js';

export interface HouseOptions {
  /** Foot of the corner between the lit front (to its left) and the side in shadow (to its right). */
  readonly x: number;
  readonly y: number;
  /** Width of the front in pixels; all else follows. */
  readonly size: number;
  readonly haze?: number;
}

const HAZE = 0.74;

/** A plastered farmhouse with a tiled roof, seen over a corner, lit from the left. */
export function paintHouse(canvas: Canvas, noise: Noise, { x, y, size, haze = 0 }: HouseOptions): void {
  const tone = (value: number) => mix(value, HAZE, haze);
  const at = (across: number, up: number): Point => ({ x: x + across * size, y: y - up * size });
  const wall = 0.44;
  const frontFoot = { x: x - size, y: y - 0.05 * size };
  const front = [{ x: frontFoot.x, y: frontFoot.y - wall * 0.95 * size }, at(0, wall), at(0, 0), frontFoot] as const;
  const side = [at(0, wall), at(0.5, wall * 0.97 + 0.04), at(0.5, 0.07), at(0, 0)] as const;
  paintGroundShadow(canvas, x, y, size, tone);
  canvas.quad(front, (u, v) => tone(frontWall(noise, u, v)));
  canvas.quad(side, (u, v) => tone(sideWall(noise, u, v)));
  const gable = at(0.26, wall + 0.36);
  canvas.quad([gable, gable, at(0.5, wall * 0.97 + 0.04), at(0, wall)], (u, v) =>
    tone(0.3 + 0.05 * noise.fractal(u * 9, v * 9, 3)),
  );
  const ridgeStart = { x: frontFoot.x + 0.22 * size, y: frontFoot.y - (wall + 0.33) * size };
  const eaveLeft = { x: frontFoot.x - 0.05 * size, y: frontFoot.y - (wall * 0.95 - 0.04) * size };
  canvas.quad([ridgeStart, at(0.27, wall + 0.38), at(0.02, wall - 0.05), eaveLeft], (u, v) => tone(tiles(noise, u, v)));
  canvas.quad([at(0.24, wall + 0.4), at(0.29, wall + 0.4), at(0.56, wall), at(0.5, wall - 0.01)], () => tone(0.16));
  paintChimney(canvas, noise, { x: mix(ridgeStart.x, x, 0.5), y: ridgeStart.y + 0.06 * size, size, tone });
}

function paintGroundShadow(canvas: Canvas, x: number, y: number, size: number, tone: (v: number) => number): void {
  const random = mulberry32(5);
  for (let i = 0; i < 260; i++) {
    const along = random();
    canvas.dab(x + along * 0.95 * size, y - (0.1 * along - 0.1 * random()) * size, size * 0.04, tone(0.12), 0.16);
  }
}

function frontWall(noise: Noise, u: number, v: number): number {
  const plaster = 0.8 + 0.09 * noise.fractal(u * 22, v * 12, 5) - 0.1 * Math.max(0, v - 0.8) * 5;
  const stained = plaster - 0.14 * Math.max(0, noise.fractal(u * 9, v * 1.6 + 5, 3));
  const eaveShadow = v < 0.1 ? 0.42 : 1;
  const windows = [0.09, 0.3, 0.68, 0.88].map((left) => paneOf((u - left) / 0.1, (v - 0.3) / 0.36));
  const pane = windows.find((value) => value !== undefined);
  const door =
    u > 0.47 && u < 0.57 && v > 0.38 ? 0.2 + 0.06 * Math.cos(u * 400) + 0.03 * noise.at(u * 90, v * 8) : undefined;
  return (door ?? pane ?? stained) * eaveShadow;
}

/** A window with frame, cross-bar and shutters; `u` and `v` run over its opening. */
function paneOf(u: number, v: number): number | undefined {
  if (v < 0 || v > 1 || u < -0.62 || u > 1.62) return undefined;
  if (u < -0.08 || u > 1.08) return 0.3 + 0.07 * Math.sign(Math.sin(v * 70));
  if (u < 0 || u > 1) return 0.72;
  const onBar = Math.abs(u - 0.5) < 0.06 || Math.abs(v - 0.4) < 0.04 || u < 0.08 || u > 0.92 || v < 0.06 || v > 0.94;
  if (onBar) return 0.86;
  return 0.1 + 0.14 * Math.max(0, 1 - Math.abs(u + v - 0.8) * 2.4);
}

function sideWall(noise: Noise, u: number, v: number): number {
  const boards = 0.34 + 0.03 * Math.cos(u * 95) + 0.05 * noise.fractal(u * 30, v * 3, 3);
  return paneOf((u - 0.38) / 0.24, (v - 0.3) / 0.36) === undefined ? boards : 0.1 + 0.1 * noise.at(u * 12, v * 12) ** 2;
}

function tiles(noise: Noise, u: number, v: number): number {
  const row = v * 17;
  const shift = Math.floor(row) % 2 === 0 ? 0 : 0.5;
  const column = u * 44 + shift;
  const tile = noise.at(Math.floor(column) * 3.7, Math.floor(row) * 5.3);
  const lip = row % 1 < 0.22 ? -0.13 : 0;
  const moss = Math.max(0, noise.fractal(u * 5, v * 4 + 9, 4));
  return 0.4 + 0.07 * tile + lip + 0.04 * Math.cos(column * Math.PI * 2) - 0.22 * moss;
}

function paintChimney(
  canvas: Canvas,
  noise: Noise,
  { x, y, size, tone }: { x: number; y: number; size: number; tone: (value: number) => number },
): void {
  const [w, h] = [0.075 * size, 0.16 * size];
  const brick = (u: number, v: number) => 0.09 * noise.at(u * 5, v * 9) - ((v * 8) % 1 < 0.2 ? 0.06 : 0);
  canvas.quad(
    [
      { x, y: y - h },
      { x: x + w, y: y - h },
      { x: x + w, y },
      { x, y },
    ],
    (u, v) => tone(0.5 + brick(u, v)),
  );
  canvas.quad(
    [
      { x: x + w, y: y - h },
      { x: x + 1.6 * w, y: y - h - 1 },
      { x: x + 1.6 * w, y: y - 2 },
      { x: x + w, y },
    ],
    (u, v) => tone(0.22 + brick(u, v)),
  );
}

/** A weathered fence of posts and two rails between points along the ground. */
export function paintFence(
  canvas: Canvas,
  from: Point,
  to: Point,
  posts: number,
  heights: readonly [number, number],
): void {
  const random = mulberry32(Math.round(from.x * 7 + posts));
  const foot = (t: number): Point => ({ x: mix(from.x, to.x, t), y: mix(from.y, to.y, t) });
  const heightAt = (t: number) => mix(heights[0], heights[1], t);
  for (const level of [0.45, 0.85]) {
    for (let t = 0; t <= 1; t += 0.6 / Math.hypot(to.x - from.x, to.y - from.y)) {
      const { x, y } = foot(t);
      const thickness = heightAt(t) * 0.055;
      const sag = 0.03 * Math.sin(t * posts * Math.PI) ** 2;
      canvas.dab(x, y - heightAt(t) * (level - sag), thickness, 0.56 + 0.12 * random(), 0.8);
      canvas.dab(x, y - heightAt(t) * (level - sag) + thickness, thickness * 0.7, 0.14, 0.55);
    }
  }
  for (let i = 0; i <= posts; i++) {
    const t = i / posts;
    const { x, y } = foot(t);
    const height = heightAt(t) * (0.94 + 0.14 * random());
    const width = heightAt(t) * 0.07;
    const lean = (random() - 0.5) * width;
    canvas.quad(
      [
        { x: x - width + lean, y: y - height },
        { x: x + width + lean, y: y - height },
        { x: x + width, y },
        { x: x - width, y },
      ],
      (u) => mix(0.66, 0.16, u) + 0.06 * (random() - 0.5),
    );
  }
}
