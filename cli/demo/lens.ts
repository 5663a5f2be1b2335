import type { Panorama } from './scenes.js';

/**
 * What an uncoated lens does to a scene: details soften, and light spills from bright areas into dark ones.
 * Applied once to the panorama, so that moving over it costs nothing.
 */
export function throughLens({ width, height, pixels }: Panorama): Panorama {
  const soft = blur(pixels, width, height, 1);
  const glow = blur(blur(pixels, width, height, 9), width, height, 9);
  const seen = soft.map(
    (value, i) => 0.86 * (0.55 * value + 0.45 * (pixels[i] as number)) + 0.14 * (glow[i] as number) + 0.012,
  );
  return { width, height, pixels: seen };
}

/** Box blur over `2 × radius + 1` pixels both ways; edges repeat. */
function blur(pixels: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(pixels.length);
  const both = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) blurLine(pixels, across, y * width, 1, width, radius);
  for (let x = 0; x < width; x++) blurLine(across, both, x, width, height, radius);
  return both;
}

function blurLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  const at = (i: number) => from[start + Math.min(count - 1, Math.max(0, i)) * step] as number;
  let sum = 0;
  for (let i = -radius; i <= radius; i++) sum += at(i);
  for (let i = 0; i < count; i++) {
    to[start + i * step] = sum / (2 * radius + 1);
    sum += at(i + radius + 1) - at(i - radius);
  }
}
