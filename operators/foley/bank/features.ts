import { SAMPLE_RATE } from '../sample-rate.js';
import { Biquad } from './synthesis/filters.js';

/** Edges of the eight bands, hertz: octaves, and all that is above. */
export const featureBandsHz = [60, 120, 240, 480, 960, 1920, 3840, 7680, 18_000] as const;
/** Ends of the six slices after the onset, seconds. They widen, as what matters changes ever more slowly. */
export const featureSlicesS = [0.015, 0.04, 0.09, 0.18, 0.35, 0.7] as const;
/** Numbers of a feature vector. */
export const FEATURES = (featureBandsHz.length - 1) * featureSlicesS.length;

const RANGE_DB = 60;
/** Power below which there is no sound at all: −140 dBFS. */
const SILENCE = 1e-14;

/**
 * What a sound is like, whatever its loudness: the mean power in 8 bands × 6 slices of the first 0.7 s after its onset, in decibels below the strongest of them.
 * float32 [48], band after band (`band * 6 + slice`), 0 (60 dB below or nothing at all) to 1 (the strongest). Silence is all 0. Sounds that end earlier are followed by
 * silence.
 *
 * The sub-band envelopes of Owens et al., *Visually Indicated Sounds* (CVPR 2016), with few bands and uneven slices; the one measure for sounds of the bank, sounds of
 * users and what networks predict.
 *
 * @param samples Mono, 48 kHz. Borrowed.
 * @param onsetSample Where the event begins.
 */
export function soundFeatures(samples: Float32Array, onsetSample = 0): Float32Array {
  const slices = featureSlicesS.length;
  const power = new Float64Array(FEATURES);
  const last = featureSlicesS[slices - 1] as number;
  const part = samples.subarray(onsetSample, onsetSample + Math.round(last * SAMPLE_RATE));
  for (let band = 0; band < featureBandsHz.length - 1; band++) {
    addBandPowers(part, band, power);
  }
  const most = Math.max(...power);
  return Float32Array.from(power, (p) => {
    if (!(most > SILENCE) || p <= 0) return 0;
    return Math.max(0, 1 + (10 * Math.log10(p / most)) / RANGE_DB);
  });
}

function addBandPowers(part: Float32Array, band: number, power: Float64Array): void {
  const low = featureBandsHz[band] as number;
  const high = featureBandsHz[band + 1] as number;
  const filters = [Biquad.highPass(low), Biquad.highPass(low), Biquad.lowPass(high), Biquad.lowPass(high)] as const;
  let begin = 0;
  for (let slice = 0; slice < featureSlicesS.length; slice++) {
    const end = Math.round((featureSlicesS[slice] as number) * SAMPLE_RATE);
    let sum = 0;
    for (let i = begin; i < Math.min(end, part.length); i++) {
      let x = part[i] as number;
      for (const filter of filters) x = filter.next(x);
      sum += x * x;
    }
    power[band * featureSlicesS.length + slice] = sum / (end - begin);
    begin = end;
  }
}

/** How far apart two sounds are: root mean square of the differences, 0 (alike) to 1. */
export function featureDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum / a.length);
}
