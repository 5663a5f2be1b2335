import type { BedCue, CutCue, ImpactCue, SoundCue } from '../../../../operators/foley/cues.js';
import type { Stereo } from '../../../../operators/foley/mix/stereo.js';
import { FoleyMaker, type FoleyMakerOptions } from '../../../../operators/foley/track/foley-maker.js';
import type { FoleySoundOptions } from '../../../../operators/foley/track/foley-sound-options.js';
import type { HeardPicture, SoundMaker } from '../../../../operators/foley/track/sound-operator.js';
import { SoundTrack, type SoundTrackOptions } from '../../../../operators/foley/track/sound-track.js';
import { AudioFrame } from '../../../../pipeline/index.js';
import { heard, joined } from '../mix/sounds.js';

export const PICTURE_US = 40_000;
export const SECOND_US = 1_000_000;

/** A knock on wood in the middle. */
export function impact(atUs: number, changes: Partial<ImpactCue> = {}): ImpactCue {
  const sure = { energy: 0.7, pan: 0, score: 1, materialScore: 1, features: [] };
  return { kind: 'impact', atUs, action: 'strike', material: 'wood', ...sure, ...changes };
}

export const bed = (atUs: number, kind: BedCue['bed'], level: number): BedCue => ({
  kind: 'bed',
  atUs,
  bed: kind,
  level,
});
export const cut = (atUs: number, room: CutCue['room'] = 'none'): CutCue => ({ kind: 'cut', atUs, room });

/** Pictures of so many seconds, 25 a second, each with the cues that are nearest to it. */
export function picturesWith(cues: readonly SoundCue[], seconds: number): readonly HeardPicture[] {
  return Array.from({ length: Math.round((seconds * SECOND_US) / PICTURE_US) }, (_, i) => {
    const sounds = cues.filter(({ atUs }) => Math.round(atUs / PICTURE_US) === i);
    return { ptsUs: i * PICTURE_US, meta: { sounds } };
  });
}

export function foleyMaker(options: Partial<FoleyMakerOptions & FoleySoundOptions> = {}): FoleyMaker {
  return new FoleyMaker({ ambience: 0, seed: 1, startUs: 0, ...options });
}

export function trackOf(makers: readonly SoundMaker[], options: Partial<SoundTrackOptions> = {}): SoundTrack {
  return new SoundTrack({
    makers,
    startUs: 0,
    wish: { when: 'always', mix: 'keep' },
    hasTrack: false,
    loudness: { kind: 'fixed', gainDb: 0 },
    ...options,
  });
}

/** How a track is asked for its sound. */
export interface Manner {
  /** Between two questions, µs. Default 400 000. */
  readonly stepUs?: number;
  /** How much more of the pictures is known than must be, µs. Default 0. */
  readonly earlyUs?: number;
  readonly existing?: readonly AudioFrame[];
}

/** What a track makes of pictures, up to a time, as whoever writes a film asks for it. */
export function played(
  track: SoundTrack,
  pictures: readonly HeardPicture[],
  endUs: number,
  manner: Manner = {},
): Stereo {
  const { stepUs = 400_000, earlyUs = 0, existing = [] } = manner;
  for (const frame of existing) {
    track.existing(frame);
    frame.close();
  }
  const parts: Stereo[] = [];
  const waiting = [...pictures];
  for (let us = stepUs; us + track.lookAheadUs + earlyUs < endUs; us += stepUs) {
    while (waiting[0] !== undefined && waiting[0].ptsUs <= us + track.lookAheadUs + earlyUs) {
      track.hear(waiting.shift() as HeardPicture);
    }
    parts.push(heard(track.audioUntil(us)));
  }
  for (const picture of waiting) track.hear(picture);
  parts.push(heard(track.end(endUs)));
  return joined(...parts);
}

/** Sound as frames of a tenth of a second. */
export function framesOf({ left, right }: Stereo, startUs = 0): readonly AudioFrame[] {
  const frames: AudioFrame[] = [];
  for (let at = 0; at < left.length; at += 4800) {
    const channels = [left.slice(at, at + 4800), right.slice(at, at + 4800)];
    frames.push(new AudioFrame({ channels, sampleRate: 48_000, ptsUs: startUs + Math.round((at * 1e6) / 48_000) }));
  }
  return frames;
}

/** Root mean square of both channels between two times. */
export function levelOf({ left, right }: Stereo, fromUs: number, toUs: number): number {
  const [from, to] = [Math.round(fromUs * 0.048), Math.round(toUs * 0.048)];
  let sum = 0;
  for (let i = from; i < to; i++) sum += (left[i] as number) ** 2 + (right[i] as number) ** 2;
  return Math.sqrt(sum / (2 * (to - from)));
}

/** The first sample at which anything is heard, from a sample on; −1 where nothing is. */
export function firstSoundFrom({ left, right }: Stereo, from: number): number {
  for (let i = from; i < left.length; i++) if (left[i] !== 0 || right[i] !== 0) return i;
  return -1;
}
