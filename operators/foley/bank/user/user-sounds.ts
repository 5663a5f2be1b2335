import { join } from 'node:path';
import { asVitascopeError, VitascopeError } from '../../../../pipeline/index.js';
import { readSoundFile } from '../../../../streams/libav/sound-file.js';
import { SAMPLE_RATE } from '../../sample-rate.js';
import type { BedSource } from '../beds/bed-source.js';
import { featureDistance, soundFeatures } from '../features.js';
import { meanLoudness } from '../loudness.js';
import { randomOf } from '../random.js';
import type { Sound, SoundRequest, SoundTags } from '../sound.js';
import { energyGain } from '../synthesis/contacts.js';
import { fadeOut, peakOf, scaleToPeak, withoutDc } from '../synthesis/finish.js';
import type { Action, BedKind, Material } from '../vocabulary.js';
import { findOnset, trimBeforeOnset } from './find-onset.js';
import { loopBed } from './loop-bed.js';
import { type BedEntry, type EventEntry, readSoundList, SOUND_LIST } from './sound-list.js';

/** Of a single sound; longer files are cut, and faded out. Seconds. */
const LONGEST_EVENT_S = 10;
/** Of a bed, what is kept of a longer file; and the least. Seconds. */
const LONGEST_BED_S = 120;
const SHORTEST_BED_S = 2;
/** All sounds lie in memory: 230 MB at most. Seconds. */
const MOST_IN_ALL_S = 1200;
/** Quieter than this is silence: −80 dBFS. */
const SILENCE = 1e-4;
const BED_LUFS = -23;

/** What choosing costs beside a distance in features (0–1): tags that are off by all, chance, another material where tags are soft. */
const ENERGY_COST = 0.3;
const SIZE_COST = 0.15;
const CHANCE = 0.08;
const OTHER_MATERIAL = 0.25;

interface UserEvent {
  readonly entry: EventEntry;
  /** Peak 1. */
  readonly samples: Float32Array;
  readonly onsetSample: number;
  readonly features: Float32Array;
}

interface UserBed {
  readonly entry: BedEntry;
  readonly samples: Float32Array;
  readonly gain: number;
}

/** One thing that a folder of sounds says about itself, for people. */
export interface UserSoundNote {
  readonly file: string;
  readonly note: string;
}

/** Sounds of a user's folder, decoded, in memory. Made by {@link readUserSounds}. */
export class UserSounds {
  /** Files that were not taken as they are: over-long ones, which were cut. */
  readonly notes: readonly UserSoundNote[];
  readonly #events: readonly UserEvent[];
  readonly #beds: readonly UserBed[];

  /** @internal */
  constructor(events: readonly UserEvent[], beds: readonly UserBed[], notes: readonly UserSoundNote[]) {
    this.#events = events;
    this.#beds = beds;
    this.notes = notes;
  }

  /** How many of them fit an event. */
  count(action: Action, material: Material): number {
    return this.#events.filter(({ entry }) => fits(entry, action, material)).length;
  }

  /** How many of them are of a place. */
  countBeds(kind: BedKind): number {
    return this.#beds.filter(({ entry }) => entry.bed === kind).length;
  }

  /** All single sounds, for lists: at full energy. */
  get events(): readonly Sound[] {
    return this.#events.map((event) => new UserSound(event, event.entry.action[0] as Action, event.entry.energy ?? 1));
  }

  /** All beds, for lists: kind and file. */
  get beds(): readonly { readonly bed: BedKind; readonly file: string; readonly seconds: number }[] {
    return this.#beds.map(({ entry, samples }) => ({
      bed: entry.bed,
      file: entry.file,
      seconds: samples.length / SAMPLE_RATE,
    }));
  }

  /** The best fit for an event, nothing if no tags fit. */
  pick(request: SoundRequest): Sound | undefined {
    const { action, energy, avoid } = request;
    const fitting = this.#events.filter(({ entry }) =>
      request.match === 'soft' ? entry.action.includes(action) : fits(entry, action, request.material),
    );
    const fresh = fitting.filter(({ entry }) => avoid?.has(idOf(entry)) !== true);
    const random = randomOf('user', request.seed);
    let best: { event: UserEvent; cost: number } | undefined;
    for (const event of fresh.length > 0 ? fresh : fitting) {
      const cost = costOf(event, request) + CHANCE * random.unit();
      if (best === undefined || cost < best.cost) best = { event, cost };
    }
    return best && new UserSound(best.event, action, energy);
  }

  /** One of the beds of a kind, by seed; nothing if there is none. */
  bed(kind: BedKind, seed: number): BedSource | undefined {
    const beds = this.#beds.filter(({ entry }) => entry.bed === kind);
    return played(beds[Math.floor(randomOf('user bed', kind, seed).unit() * beds.length)], seed);
  }

  /** The bed of a file; nothing if there is none. */
  bedOf(file: string, seed: number): BedSource | undefined {
    return played(
      this.#beds.find(({ entry }) => entry.file === file),
      seed,
    );
  }
}

class UserSound implements Sound {
  readonly id: string;
  readonly tags: SoundTags;
  readonly onsetSample: number;
  readonly #event: UserEvent;
  readonly #energy: number;

  constructor(event: UserEvent, action: Action, energy: number) {
    this.id = idOf(event.entry);
    this.tags = { source: 'user', action, material: event.entry.material?.[0] };
    this.onsetSample = event.onsetSample;
    this.#event = event;
    this.#energy = Number.isFinite(energy) ? Math.min(1, Math.max(0, energy)) : 0.5;
  }

  get features(): Float32Array {
    return this.#event.features.slice();
  }

  render(): Float32Array {
    const { samples, entry } = this.#event;
    const gain = Math.min(1, 10 ** ((entry.gainDb - 1) / 20) * energyGain(this.#energy));
    return samples.map((x) => x * gain);
  }
}

function played(bed: UserBed | undefined, seed: number): BedSource | undefined {
  return bed && loopBed(bed.entry.bed, bed.samples, bed.gain, seed);
}

const idOf = ({ file }: EventEntry): string => `user:${file}`;

function fits(entry: EventEntry, action: Action, material: Material | undefined): boolean {
  if (!entry.action.includes(action)) return false;
  return entry.material === undefined || (material !== undefined && entry.material.includes(material));
}

function costOf({ entry, features }: UserEvent, request: SoundRequest): number {
  const off = (tag: number | undefined, wanted: number | undefined): number =>
    tag === undefined || wanted === undefined ? 0 : Math.abs(tag - wanted);
  const other = request.material !== undefined && !fits(entry, request.action, request.material);
  return (
    (request.features === undefined ? 0 : featureDistance(request.features, features)) +
    ENERGY_COST * off(entry.energy, request.energy) +
    SIZE_COST * off(entry.size, request.size) +
    (other ? OTHER_MATERIAL : 0)
  );
}

/**
 * Reads a folder of WAV, FLAC or OGG files (or what else FFmpeg decodes) with its `sounds.json`. Files of any rate and any channels become 48 kHz mono; single sounds longer
 * than 10 s and beds longer than 120 s are cut, which `notes` tell.
 *
 * @throws VitascopeError naming the file, with its key in `context.key`: `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `DECODER_MISSING` for files; `INPUT_EMPTY` for silence;
 * `OPTION_INVALID` for a wrong list, a bed that is too short, an onset after the end, or more than 20 minutes in all.
 */
export async function readUserSounds(folder: string): Promise<UserSounds> {
  const events: UserEvent[] = [];
  const beds: UserBed[] = [];
  const notes: UserSoundNote[] = [];
  let seconds = 0;
  for (const [index, entry] of (await readSoundList(folder)).entries()) {
    const problem = (code: 'INPUT_EMPTY' | 'OPTION_INVALID', key: string, words: string): VitascopeError =>
      new VitascopeError(code, `${join(folder, SOUND_LIST)}: sounds[${index}].${key}: ${words} (${entry.file})`, {
        context: { file: join(folder, entry.file), key: `sounds[${index}].${key}` },
      });
    const longest = 'bed' in entry ? LONGEST_BED_S : LONGEST_EVENT_S;
    const { samples, cut } = await decode(folder, entry.file, index, longest);
    if (cut) notes.push({ file: entry.file, note: `cut to ${longest} s` });
    seconds += samples.length / SAMPLE_RATE;
    if (seconds > MOST_IN_ALL_S)
      throw problem('OPTION_INVALID', 'file', `more than ${MOST_IN_ALL_S} s of sound in all`);
    withoutDc(samples);
    if (peakOf(samples) < SILENCE) throw problem('INPUT_EMPTY', 'file', 'holds silence');
    if ('bed' in entry) {
      if (samples.length < SHORTEST_BED_S * SAMPLE_RATE) {
        throw problem('OPTION_INVALID', 'file', `a bed needs at least ${SHORTEST_BED_S} s`);
      }
      beds.push(userBed(entry, samples));
    } else {
      const onset = entry.onset === undefined ? findOnset(samples) : Math.round(entry.onset * SAMPLE_RATE);
      if (onset >= samples.length) throw problem('OPTION_INVALID', 'onset', 'is after the end of the sound');
      events.push(userEvent(entry, samples, onset));
    }
  }
  return new UserSounds(events, beds, notes);
}

async function decode(
  folder: string,
  file: string,
  index: number,
  maxSeconds: number,
): Promise<{ samples: Float32Array; cut: boolean }> {
  try {
    return await readSoundFile(join(folder, file), { sampleRate: SAMPLE_RATE, maxSeconds });
  } catch (error) {
    const { code, message } = asVitascopeError(error, 'INPUT_UNREADABLE', 'readUserSounds');
    const key = `sounds[${index}].file`;
    throw new VitascopeError(code, `${join(folder, SOUND_LIST)}: ${key}: ${message}`, {
      context: { file: join(folder, file), key },
      cause: error,
    });
  }
}

function userEvent(entry: EventEntry, whole: Float32Array, onset: number): UserEvent {
  const { samples, onsetSample } = trimBeforeOnset(whole, onset);
  scaleToPeak(fadeOut(samples), 1);
  return { entry, samples, onsetSample, features: soundFeatures(samples, onsetSample) };
}

function userBed(entry: BedEntry, samples: Float32Array): UserBed {
  return { entry, samples, gain: 10 ** ((BED_LUFS + entry.gainDb - meanLoudness(samples)) / 20) };
}
