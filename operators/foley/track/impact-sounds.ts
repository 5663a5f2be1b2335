import { randomOf } from '../bank/random.js';
import type { Sound, SoundRequest } from '../bank/sound.js';
import type { SoundBank } from '../bank/sound-bank.js';
import type { Action, Material } from '../bank/vocabulary.js';
import type { ImpactCue } from '../cues.js';
import type { EventEnvelope, SoundEvent } from '../mix/sound-event.js';
import { SAMPLE_RATE } from '../sample-rate.js';
import { heardSample } from './heard-sample.js';
import { HitThinner } from './hit-thinner.js';
import { SoundCache } from './sound-cache.js';

/** How sure a material must be to be taken, and to be considered beside what it should sound like. */
const SURE = 0.6;
const GUESSED = 0.2;
/** Energies that sounds are made for, 5 dB apart; gain does the rest. */
const ENERGY_STEPS = 6;
const ENERGY_RANGE_DB = 30;
/** Events of a kind that differ; with the steps of energy it bounds what is worth keeping. */
const VARIATIONS = 12;
/** Sounds that do not come again so soon. */
const REMEMBERED = 5;
/** What chance adds: share of the energy, semitones, dB. */
const ENERGY_SPREAD = 0.025;
const PITCH_SPREAD = 0.4;
const GAIN_SPREAD_DB = 1;
/** An event that is not sure at all is so much softer. */
const DOUBT_DB = -6;
/** Of what the eye sees from border to border, the ear hears the middle. */
const WIDTH = 0.75;
/** How long the softest and the hardest are heard, and how they end where that cuts them. */
/** From the middle to the border, of which things are in one each. */
const PLACES = 2;
const SHORTEST_MS = 700;
const LONGEST_MS = 3200;
const CUT_FADE = 0.4;

/** Options of {@link ImpactSounds}. */
export interface ImpactSoundsOptions {
  readonly bank: SoundBank;
  readonly seed: number;
  /** False leaves features out: to choose by them takes the bank some time at the first event of each action and material, which a live stream does not have. */
  readonly usesFeatures: boolean;
}

/** The sounds of what is hit, scratched or stepped on. What an event sounds like depends on it, on the seed and on the events before it. */
export class ImpactSounds {
  readonly #options: ImpactSoundsOptions;
  readonly #thinner = new HitThinner();
  readonly #cache = new SoundCache();
  /** Ids, the latest last. */
  #recent: readonly string[] = [];

  constructor(options: ImpactSoundsOptions) {
    this.#options = options;
  }

  /** The sound of an event; nothing where it would be one too many. */
  make(cue: ImpactCue): SoundEvent | undefined {
    const softerDb = this.#thinner.allow(cue);
    if (softerDb === undefined) return undefined;
    const random = randomOf('impact', this.#options.seed, cue.atUs, cue.action, cue.material, cue.pan);
    const energy = within01(cue.energy + ENERGY_SPREAD * random.normal());
    const step = Math.round(energy * ENERGY_STEPS) / ENERGY_STEPS;
    const sound = this.#pick(this.#request(cue, step, Math.floor(VARIATIONS * random.unit())));
    const samples = this.#cache.render(sound, step);
    const pitch = 2 ** ((PITCH_SPREAD * random.noise()) / 12);
    return {
      ptsUs: cue.atUs,
      sound: samples,
      onsetSample: cue.action === 'scratch' ? sound.onsetSample : heardSample(samples, sound.onsetSample),
      gainDb:
        softerDb + ENERGY_RANGE_DB * (energy - step) + DOUBT_DB * (1 - cue.score) + GAIN_SPREAD_DB * random.noise(),
      pan: WIDTH * cue.pan,
      pitch,
      envelope: envelopeOf((samples.length - sound.onsetSample) / pitch, energy),
      late: cue.action === 'scratch' ? 'join' : 'shift',
      ...(cue.action === 'scratch' ? {} : { thing: thingOf(cue) }),
    };
  }

  #request(cue: ImpactCue, energy: number, seed: number): SoundRequest {
    const { action, features } = cue;
    if (!this.#options.usesFeatures || features.length === 0) return { action, material: cue.material, energy, seed };
    return { action, ...trusted(cue), features: Float32Array.from(features), energy, seed };
  }

  /** Not one of the last ones, or at least not the last one. */
  #pick(request: SoundRequest): Sound {
    const { bank } = this.#options;
    const last = this.#recent.at(-1);
    let sound = bank.pick({ ...request, avoid: new Set(this.#recent) });
    if (last !== undefined && sound.id === last) sound = bank.pick({ ...request, avoid: new Set([last]) });
    this.#recent = [...this.#recent, sound.id].slice(-REMEMBERED);
    return sound;
  }
}

/** Things of one material in one place are one thing. */
function thingOf({ material, pan }: ImpactCue): string {
  return `${material} ${Math.round(PLACES * pan)}`;
}

/** What a request says of the material, by how sure it is. */
function trusted({ action, material, materialScore }: ImpactCue): {
  readonly material?: Material;
  readonly match?: 'soft';
} {
  if (materialScore >= SURE || isAlways(action)) return { material };
  return materialScore >= GUESSED ? { material, match: 'soft' } : {};
}

/** A splash is of water, whatever else is said. */
function isAlways(action: Action): boolean {
  return action === 'splash';
}

/** Soft events are not heard as long as hard ones. */
function envelopeOf(samples: number, energy: number): EventEnvelope {
  const lengthMs = SHORTEST_MS + (LONGEST_MS - SHORTEST_MS) * energy;
  return (1000 * samples) / SAMPLE_RATE <= lengthMs ? {} : { lengthMs, fadeOutMs: CUT_FADE * lengthMs };
}

function within01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
