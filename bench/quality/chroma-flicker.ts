/** The chroma of two successive frames and the luma that tells where nothing moves. */
export interface FlickerFrame {
  /** Row by row, `width` × `height` codes. */
  readonly luma: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Chroma planes of half the size both ways, rounded up. */
  readonly cb: Uint8Array;
  readonly cr: Uint8Array;
}

export interface Flicker {
  /** Sum of the absolute changes of Cb and Cr, codes. */
  readonly change: number;
  /** Values summed. */
  readonly count: number;
}

const BLOCK = 8;
/** Change of a block's mean luma, codes, up to which it counts as static. */
const STATIC = 0.75;

/** How much chroma changes from one 4:2:0 frame to the next within 8×8 blocks whose mean luma stays. */
export function chromaFlicker(before: FlickerFrame, after: FlickerFrame): Flicker {
  const { width, height } = after;
  const half = Math.ceil(width / 2);
  let change = 0;
  let count = 0;
  for (let y = 0; y + BLOCK <= height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= width; x += BLOCK) {
      const start = y * width + x;
      if (Math.abs(blockMean(after.luma, start, width) - blockMean(before.luma, start, width)) > STATIC) continue;
      for (let row = 0; row < BLOCK / 2; row++) {
        const first = (y / 2 + row) * half + x / 2;
        for (let i = first; i < first + BLOCK / 2; i++) {
          change += Math.abs((after.cb[i] as number) - (before.cb[i] as number));
          change += Math.abs((after.cr[i] as number) - (before.cr[i] as number));
        }
      }
      count += (BLOCK * BLOCK) / 2;
    }
  }
  return { change, count };
}

function blockMean(luma: Uint8Array, start: number, width: number): number {
  let sum = 0;
  for (let row = 0; row < BLOCK; row++) {
    for (let i = start + row * width; i < start + row * width + BLOCK; i++) sum += luma[i] as number;
  }
  return sum / (BLOCK * BLOCK);
}
