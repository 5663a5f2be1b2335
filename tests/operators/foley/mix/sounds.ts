import { partOf, type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import type { AudioSample } from '../../../../pipeline/index.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';

/** A sine in both channels. @param dbfs Of its peaks. */
export function sine(seconds: number, hertz: number, dbfs: number, phase = 0): Stereo {
  const peak = 10 ** (dbfs / 20);
  const left = Float32Array.from(
    { length: Math.round(seconds * 48_000) },
    (_, i) => peak * Math.sin((2 * Math.PI * hertz * i) / 48_000 + phase),
  );
  return { left, right: left.slice() };
}

/** Sound one after another. */
export function joined(...parts: readonly Stereo[]): Stereo {
  const whole = stereo(parts.reduce((sum, { left }) => sum + left.length, 0));
  let at = 0;
  for (const { left, right } of parts) {
    whole.left.set(left, at);
    whole.right.set(right, at);
    at += left.length;
  }
  return whole;
}

/** White noise, evenly between ±`peak`. */
export function noise(samples: number, seed: number, peak: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: samples }, () => peak * (2 * random() - 1));
}

/** The sound in blocks of these sizes, over and over. The blocks are parts of its memory. */
export function* inBlocks(sound: Stereo, sizes: readonly number[]): Generator<Stereo> {
  for (let at = 0, i = 0; at < sound.left.length; i++) {
    const to = Math.min(sound.left.length, at + (sizes[i % sizes.length] as number));
    yield partOf(sound, at, to);
    at = to;
  }
}

/** What samples hold, joined; they are closed. */
export function heard(samples: readonly AudioSample[]): Stereo {
  return joined(
    ...samples.map(({ frame }) => {
      const [left, right] = frame.channels as [Float32Array, Float32Array];
      frame.close();
      return { left, right };
    }),
  );
}

/** Largest sample. */
export function peakOf({ left, right }: Stereo): number {
  let peak = 0;
  for (const channel of [left, right]) for (const value of channel) peak = Math.max(peak, Math.abs(value));
  return peak;
}

/** Where the largest sample is. */
export function loudestAt(samples: Float32Array): number {
  let at = 0;
  for (let i = 1; i < samples.length; i++) {
    if (Math.abs(samples[i] as number) > Math.abs(samples[at] as number)) at = i;
  }
  return at;
}

/** The bytes, which tell −0 from 0. */
export function bytesOf({ left, right }: Stereo): Buffer {
  return Buffer.concat([left, right].map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength)));
}
