import type { BedKind } from '../bank/vocabulary.js';
import type { RoomSize } from '../mix/rooms.js';

/** Steps that are averaged at most: six seconds, so that a place is not another one as soon as somebody walks through it. */
export const WINDOW = 150;
/** Steps between decisions, counted from the zero of stream time. */
export const EVERY = 50;
/** Steps of a shot that must have been seen for a decision in its course. */
const LEAST = 25;
/** Steps after a cut when what was said at the cut, of hardly more than its first picture, is corrected. */
export const SECOND_LOOK = 15;
/** Below it a place is none, and it is a room. */
const LEAST_PROBABILITY = 0.4;

interface Place {
  readonly bed: BedKind;
  readonly room: RoomSize;
}

/** What places that the network knows are called in the bank, and how sound is thrown back there. */
const places: Readonly<Record<string, Place>> = {
  water: { bed: 'water', room: 'outdoors' },
  wind: { bed: 'wind', room: 'outdoors' },
  rain: { bed: 'rain', room: 'outdoors' },
  crowd: { bed: 'crowd', room: 'large' },
  street: { bed: 'street', room: 'outdoors' },
  fire: { bed: 'fire', room: 'small' },
  room: { bed: 'room', room: 'medium' },
};
const ROOM = 'room';

/** Names of places that can be watched for. */
export const placeNames: readonly string[] = Object.keys(places);

/** Where a shot is, and how loud that place is, 0–1 in tenths. */
export interface PlaceGuess extends Place {
  readonly level: number;
}

/** A bed that changes. */
export interface BedLevel {
  readonly bed: BedKind;
  readonly level: number;
}

/**
 * Says where a shot is by what the network says of places, slowly. Decisions are made at fixed times, of a bounded past: a run that was resumed makes the same.
 */
export class BedWatcher {
  readonly #names: readonly string[];
  /** Probabilities of the last steps of the shot. */
  #rows: Float32Array[] = [];
  #told: BedLevel | undefined;

  /** @param names What the probabilities are of. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Another shot begins. */
  cut(): void {
    this.#rows = [];
  }

  /** Takes what the network says of a step. */
  push(probabilities: Float32Array): void {
    this.#rows.push(probabilities);
    if (this.#rows.length > WINDOW) this.#rows.shift();
  }

  /** True at steps when it is time to decide. */
  isTime(step: number): boolean {
    return this.#rows.length >= LEAST && step % EVERY === 0;
  }

  /** The best guess now. */
  guess(): PlaceGuess {
    const means = this.#names.map((_, i) => this.#mean(i));
    const best = means.reduce((a, mean, i) => (mean > (means[a] as number) ? i : a), 0);
    const [name = ROOM, mean = 0] = [this.#names[best], means[best]];
    const place = places[name];
    if (place !== undefined && name !== ROOM && mean >= LEAST_PROBABILITY) {
      return { ...place, level: Math.round(10 * Math.min(1, mean)) / 10 };
    }
    return { ...(places[ROOM] as Place), level: 1 };
  }

  /** What of a guess is news: nothing, another level, or one bed that falls silent and another one. @param again Tells it though it is no news. */
  tell({ bed, level }: PlaceGuess, again = false): readonly BedLevel[] {
    const told = this.#told;
    if (!again && told?.bed === bed && told.level === level) return [];
    const now = { bed, level };
    this.#told = now;
    return told === undefined || told.bed === bed ? [now] : [{ bed: told.bed, level: 0 }, now];
  }

  #mean(index: number): number {
    const sum = this.#rows.reduce((total, row) => total + (row[index] as number), 0);
    return sum / Math.max(1, this.#rows.length);
  }
}
