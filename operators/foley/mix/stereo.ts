/** A run of stereo sound, samples nominally −1…1, both of one length. */
export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Louder than this (+36 dBFS) nothing is that was meant to be heard; sums stay far from where numbers lose their precision. */
const LOUDEST = 64;

/** Silence. */
export function stereo(samples: number): Stereo {
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

/** A part of the same memory. */
export function partOf({ left, right }: Stereo, from: number, to: number): Stereo {
  return { left: left.subarray(from, to), right: right.subarray(from, to) };
}

/** Silences a run in place. */
export function silence({ left, right }: Stereo): void {
  left.fill(0);
  right.fill(0);
}

/** True where every sample is 0. */
export function isSilent({ left, right }: Stereo): boolean {
  // `every` takes ten times as long, and most of a film is silent.
  for (let i = 0; i < left.length; i++) if (left[i] !== 0 || right[i] !== 0) return false;
  return true;
}

/** Adds one run to another, in place. */
export function addTo(target: Stereo, more: Stereo): void {
  addChannel(target.left, more.left);
  addChannel(target.right, more.right);
}

function addChannel(target: Float32Array, more: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + (more[i] as number);
}

/** Makes hostile sound harmless, in place: what is not a number or infinite becomes 0, and nothing is beyond ±64. */
export function makeHarmless({ left, right }: Stereo): void {
  makeChannelHarmless(left);
  makeChannelHarmless(right);
}

function makeChannelHarmless(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] as number;
    if (value >= -LOUDEST && value <= LOUDEST) continue;
    samples[i] = Number.isFinite(value) ? Math.sign(value) * LOUDEST : 0;
  }
}
