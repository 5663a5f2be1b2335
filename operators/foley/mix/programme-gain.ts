import { TARGET_LUFS } from './loudness-rider.js';

/** Options of {@link findProgrammeGain}. */
export interface ProgrammeGainOptions {
  /** LUFS. Default −23. */
  readonly target?: number;
  /** Gain stays within ± this, dB: a film with two faint steps in it is not blown up. Default 18. */
  readonly mostDb?: number;
  /** At most so much louder, dB. Default `mostDb`. */
  readonly mostUpDb?: number;
  /** How near is near enough, LU. Default 0.1. */
  readonly tolerance?: number;
  /** Renders at most. Default 4. */
  readonly renders?: number;
}

/** What {@link findProgrammeGain} found. */
export interface ProgrammeGain {
  /** To be given to the mixer for the render that counts, dB. */
  readonly gainDb: number;
  /** What that render's loudness is, LUFS; −∞ where there is no sound, and then the gain is 0. */
  readonly lufs: number;
}

/**
 * The gain that brings a film's made sound to a loudness exactly. The whole sound is rendered to be measured, which costs little since it is synthesized: once to
 * know its loudness, and once or twice more where the limiter takes some away again.
 *
 * @param measure Renders all with a gain, dB, and tells its integrated loudness after the limiter, LUFS.
 */
export async function findProgrammeGain(
  measure: (gainDb: number) => number | Promise<number>,
  { target = TARGET_LUFS, mostDb = 18, mostUpDb = mostDb, tolerance = 0.1, renders = 4 }: ProgrammeGainOptions = {},
): Promise<ProgrammeGain> {
  let found: ProgrammeGain = { gainDb: 0, lufs: await measure(0) };
  for (let i = 1; i < renders && Math.abs(target - found.lufs) > tolerance; i++) {
    if (found.lufs === Number.NEGATIVE_INFINITY) return found;
    const gainDb = Math.max(-mostDb, Math.min(mostUpDb, found.gainDb + target - found.lufs));
    if (gainDb === found.gainDb) return found;
    found = { gainDb, lufs: await measure(gainDb) };
  }
  return found;
}
