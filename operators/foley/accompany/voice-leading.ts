import type { Chord } from './chord.js';
import { pitchClass } from './pitch.js';

/** Four tones, MIDI numbers: bass, tenor, alto, soprano. */
export type Voicing = readonly [bass: number, tenor: number, alto: number, soprano: number];

/** Lowest and highest tone of each voice, MIDI numbers, from the bass up. */
export const VOICE_RANGES = [
  [40, 60],
  [48, 67],
  [55, 74],
  [62, 81],
] as const;

/** How the next chord is to be set. */
export interface VoicingWish {
  /** Where the soprano would like to be, MIDI number. */
  readonly soprano: number;
  /** True where only the root may be in the bass: at beginnings and ends. */
  readonly rootInBass: boolean;
}

const FORBIDDEN = 1000;

/**
 * Sets a chord in four voices after the one before, by trying all of them and taking the cheapest. Never: parallel
 * fifths, octaves or unisons between bass and soprano, an outer voice that leaves a leading tone otherwise than upwards
 * where the next chord has its goal, a voice outside its range, a leading tone that is doubled or in the bass. Rather not: the same
 * between other voices, large steps, an unresolved seventh.
 */
export function leadVoices(chord: Chord, wish: VoicingWish, before?: Voicing, chordBefore?: Chord): Voicing {
  let best: Voicing | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const voicing of voicingsOf(chord, wish.rootInBass)) {
    let cost = costOf(voicing, chord, wish);
    if (before !== undefined && cost < least) cost += motionCost(before, voicing);
    if (before !== undefined && chordBefore !== undefined && cost < least) {
      cost += resolutionCost(before, voicing, chordBefore, chord);
    }
    if (cost < least) {
      least = cost;
      best = voicing;
    }
  }
  if (best === undefined) throw new RangeError(`accompany: no setting for chord ${chord.symbol}`);
  return best;
}

/** True where two voices move in parallel fifths, octaves or unisons. */
export function areParallel(low: number, high: number, nextLow: number, nextHigh: number): boolean {
  if (low === nextLow || high === nextHigh) return false;
  if (Math.sign(nextLow - low) !== Math.sign(nextHigh - high)) return false;
  const interval = pitchClass(high - low);
  return (interval === 0 || interval === 7) && pitchClass(nextHigh - nextLow) === interval;
}

function* voicingsOf(chord: Chord, rootInBass: boolean): Generator<Voicing> {
  const [root, third] = chord.tones as [number, number];
  // A leading tone in the bass would have to rise even where the next chord must stand on its root.
  const wanted = rootInBass && root !== chord.leading ? [root] : [root, third];
  const basses = tonesWithin(
    VOICE_RANGES[0],
    wanted.filter((tone) => tone !== chord.leading),
  );
  const tenors = tonesWithin(VOICE_RANGES[1], chord.tones);
  const altos = tonesWithin(VOICE_RANGES[2], chord.tones);
  const sopranos = tonesWithin(VOICE_RANGES[3], chord.tones);
  for (const bass of basses) {
    for (const tenor of tenors) {
      if (tenor <= bass) continue;
      for (const alto of altos) {
        if (alto <= tenor || alto - tenor > 12) continue;
        for (const soprano of sopranos) {
          if (soprano <= alto || soprano - alto > 12) continue;
          const voicing = [bass, tenor, alto, soprano] as const;
          if (isComplete(voicing, chord) && canResolve(voicing, chord)) yield voicing;
        }
      }
    }
  }
}

/** All tones but perhaps the fifth are there, and what must resolve is there once. */
function isComplete(voicing: Voicing, chord: Chord): boolean {
  const classes = voicing.map(pitchClass);
  const [root, third, , seventh] = chord.tones as [number, number, number, number | undefined];
  const count = (tone: number): number => classes.filter((one) => one === tone).length;
  if (!classes.includes(root) || !classes.includes(third)) return false;
  if (seventh !== undefined && count(seventh) !== 1) return false;
  return chord.leading === undefined || count(chord.leading) <= 1;
}

/** The soprano does not have the leading tone at the top of its range, where it could not rise. */
function canResolve([, , , soprano]: Voicing, { leading }: Chord): boolean {
  return soprano !== VOICE_RANGES[3][1] || pitchClass(soprano) !== leading;
}

function costOf(voicing: Voicing, chord: Chord, wish: VoicingWish): number {
  const missingFifth = voicing.some((tone) => pitchClass(tone) === chord.tones[2]) ? 0 : 2;
  const inverted = pitchClass(voicing[0]) === chord.tones[0] ? 0 : 2.5;
  const narrow = voicing[1] - voicing[0] < 5 ? 1 : 0;
  return missingFifth + inverted + narrow + 0.7 * Math.abs(voicing[3] - wish.soprano);
}

function motionCost(before: Voicing, now: Voicing): number {
  let cost = 0;
  for (let voice = 0; voice < 4; voice++) {
    const step = Math.abs((now[voice] as number) - (before[voice] as number));
    cost += step * (voice === 0 ? 0.15 : 0.3) + (step > 12 ? 20 : 0);
    for (let other = voice + 1; other < 4; other++) {
      const parallel = areParallel(
        before[voice] as number,
        before[other] as number,
        now[voice] as number,
        now[other] as number,
      );
      if (parallel) cost += voice === 0 && other === 3 ? FORBIDDEN : 15;
    }
  }
  return cost;
}

function resolutionCost(before: Voicing, now: Voicing, chordBefore: Chord, chord: Chord): number {
  let cost = 0;
  for (let voice = 0; voice < 4; voice++) {
    const from = before[voice] as number;
    const step = (now[voice] as number) - from;
    if (breaksLeading(from, step, chordBefore, chord)) cost += voice === 0 || voice === 3 ? FORBIDDEN : 8;
    const isSeventh = chordBefore.tones.length === 4 && pitchClass(from) === chordBefore.tones[3];
    if (isSeventh && step !== 0 && step !== -1 && step !== -2) cost += 5;
  }
  return cost;
}

/** True where a voice leaves a leading tone otherwise than by a semitone upwards although its goal, or the tone itself, is in the next chord. */
export function breaksLeading(from: number, step: number, chordBefore: Chord, chord: Chord): boolean {
  const { leading } = chordBefore;
  if (leading === undefined || pitchClass(from) !== leading) return false;
  const mayStay = chord.tones.includes(leading);
  const mayRise = chord.tones.includes(pitchClass(leading + 1));
  return (mayStay || mayRise) && !(mayStay && step === 0) && !(mayRise && step === 1);
}

function tonesWithin([least, most]: readonly [number, number], classes: readonly number[]): number[] {
  const tones: number[] = [];
  for (let tone = least; tone <= most; tone++) if (classes.includes(pitchClass(tone))) tones.push(tone);
  return tones;
}
