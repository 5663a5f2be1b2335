import type { ImpactCue } from '../../../operators/foley/cues.js';
import { decodeSound } from './decode-sound.js';
import { makeSound } from './make-sound.js';
import { assignmentsOf, type FoleySettings } from './section.js';
import { soundLags } from './sound-lags.js';

/** Impacts that foley saw in a film, and their sound in the file that it made. */
export interface ImpactLags {
  /** Of the metadata, in order. */
  readonly seconds: readonly number[];
  /** How much later than each the sound is loudest, seconds; nothing where that cannot be told. */
  readonly lags: readonly (number | undefined)[];
}

/** Gives a film the sound of its impacts, without beds, and measures where it is in the output file. Scratches are left out: they have no moment at which they are loudest. */
export async function impactLags(film: string, output: string, settings: FoleySettings): Promise<ImpactLags> {
  const { path, cues } = await makeSound(film, output, [...assignmentsOf(settings), 'foley.ambience=off']);
  const seen = cues.filter((cue): cue is ImpactCue => cue.kind === 'impact' && cue.action !== 'scratch');
  const seconds = seen.map(({ atUs }) => atUs / 1e6);
  return { seconds, lags: seconds.length === 0 ? [] : soundLags(await decodeSound(path), seconds) };
}
