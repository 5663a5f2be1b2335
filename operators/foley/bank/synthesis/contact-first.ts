import { SAMPLE_RATE } from '../../sample-rate.js';
import { peakOf } from './finish.js';

/** The contact is at its peak within so long, and gives way to what follows by so much in each further moment. */
const [CONTACT, GIVES_WAY] = [Math.round(0.012 * SAMPLE_RATE), 0.004 * SAMPLE_RATE];
/** What follows is at most so loud beside the contact: beats of a ring, and the reflections of a room that add up with it, stay below it then. */
const MOST_AFTER = 0.7;

/** Grains that chance makes louder than the contact itself are rounded off: the loudest moment is where the eye sees the contact. */
export function roundLatePeaks(out: Float32Array): void {
  const most = peakOf(out.subarray(0, CONTACT));
  const knee = 0.8 * most;
  for (let i = CONTACT; i < out.length; i++) {
    const x = out[i] as number;
    if (Math.abs(x) > knee)
      out[i] = Math.sign(x) * (knee + 0.15 * most * Math.tanh((Math.abs(x) - knee) / (0.15 * most)));
  }
}

/** Makes, in place, the contact so loud that the loudest moment of an event is where the eye sees it. */
export function leadByContact(samples: Float32Array): Float32Array {
  const first = samples.subarray(0, CONTACT);
  const peak = peakOf(first);
  const gain = peakOf(samples.subarray(CONTACT)) / (MOST_AFTER * peak);
  if (!(peak > 0 && gain > 1)) return samples;
  const loudest = first.findIndex((x) => Math.abs(x) === peak);
  for (let i = 0; i < samples.length; i++) {
    const part = i <= loudest ? 1 : Math.exp((loudest - i) / GIVES_WAY);
    samples[i] = (samples[i] as number) * (1 + (gain - 1) * part);
  }
  return samples;
}
