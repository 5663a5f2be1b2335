import { SAMPLE_RATE } from '../../sample-rate.js';

const FADE_OUT = Math.round(0.012 * SAMPLE_RATE);
/** What is softer than this beside the peak is cut from the end. */
const SILENT = 10 ** (-72 / 20);
/** First-order high-pass at about 20 Hz: has no gain at all at 0 Hz. */
const KEEP = 1 - (2 * Math.PI * 20) / SAMPLE_RATE;

/** The largest absolute value. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

/** Scales in place so that the largest absolute value is `peak`; silence stays silence. */
export function scaleToPeak(samples: Float32Array, peak: number): Float32Array {
  const now = peakOf(samples);
  if (!(now > 0)) return samples;
  const gain = peak / now;
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) * gain;
  return samples;
}

/** Takes DC out, cuts the silent end, fades the rest to nothing and scales it. The beginning is left alone: it is the onset. */
export function finish(samples: Float32Array, peak: number): Float32Array {
  withoutDc(samples);
  const loudest = peakOf(samples);
  let end = samples.length;
  while (end > FADE_OUT && Math.abs(samples[end - 1] as number) < loudest * SILENT) end--;
  const cut = samples.slice(0, end);
  return scaleToPeak(balanced(fadeOut(cut)), peak);
}

/** Takes out, in place, what DC cutting and fading have left, by an arch that is 0 at both ends: neither the onset nor the silent end moves. */
function balanced(samples: Float32Array): Float32Array {
  const arch = (i: number): number => Math.sin((Math.PI * i) / samples.length) ** 2;
  const sum = samples.reduce((total, sample) => total + sample, 0);
  // The arch sums up to half the length.
  const height = (2 * sum) / Math.max(1, samples.length);
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) - height * arch(i);
  return samples;
}

/** Fades the last 12 ms out, in place. */
export function fadeOut(samples: Float32Array): Float32Array {
  const length = Math.min(FADE_OUT, samples.length);
  for (let i = 0; i < length; i++) {
    const at = samples.length - 1 - i;
    samples[at] = (samples[at] as number) * Math.sin((Math.PI / 2) * (i / length)) ** 2;
  }
  return samples;
}

/** Takes DC out, in place. */
export function withoutDc(samples: Float32Array): Float32Array {
  let before = 0;
  let out = 0;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i] as number;
    out = x - before + KEEP * out;
    before = x;
    samples[i] = out;
  }
  return samples;
}
