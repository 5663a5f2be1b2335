/** A grid of vectors that can be read between its cells: `[height, width, channels]`, row by row. */
export class Field {
  readonly height: number;
  readonly width: number;
  readonly #channels: number;
  readonly #data: Float32Array;

  constructor(data: Float32Array, [height, width, channels]: readonly [number, number, number]) {
    this.#data = data;
    this.height = height;
    this.width = width;
    this.#channels = channels;
  }

  /** One channel at a point of the grid, bilinear; points outside count as the nearest inside. */
  at(x: number, y: number, channel: number): number {
    const [cx, cy] = [clamp(x, this.width - 1), clamp(y, this.height - 1)];
    const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
    const [x1, y1] = [Math.ceil(cx), Math.ceil(cy)];
    const [fx, fy] = [cx - x0, cy - y0];
    const top = this.#cell(x0, y0, channel) * (1 - fx) + this.#cell(x1, y0, channel) * fx;
    const bottom = this.#cell(x0, y1, channel) * (1 - fx) + this.#cell(x1, y1, channel) * fx;
    return top * (1 - fy) + bottom * fy;
  }

  #cell(x: number, y: number, channel: number): number {
    return this.#data[(y * this.width + x) * this.#channels + channel] ?? 0;
  }
}

/** `value` within 0 and `most`. */
export function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
