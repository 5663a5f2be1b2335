import type { Microseconds } from '../../../pipeline/index.js';
import { characters, type Mood, type MoodCharacter, type Pattern } from './mood.js';
import { type Motif, newMotif, resting, varied } from './motif.js';
import type { Key } from './pitch.js';
import { type BarRole, phraseRoles } from './progression.js';
import type { SeededRandom } from './seeded-random.js';

/** Two motifs that belong together: what a section is made of. */
export interface Theme {
  readonly beatsPerBar: 3 | 4;
  readonly first: Motif;
  readonly second: Motif;
}

/** What a bar is to be: its place in the phrase, and its melody. */
export interface BarPlan {
  readonly role: BarRole;
  readonly motif: Motif;
  /** Place in the phrase, 0–1. */
  readonly place: number;
}

/** A stretch of music in one mood and key: phrases of four or eight bars, made of one theme. */
export class Section {
  readonly character: MoodCharacter;
  readonly theme: Theme;
  readonly pattern: Pattern;
  #roles: readonly BarRole[] = [];
  #bar = 0;
  #bars = 0;
  #phrases = 0;
  #eight = false;

  /**
   * @param before The theme of an earlier section in this mood, which comes back if its metre fits.
   */
  constructor(
    readonly mood: Mood,
    readonly key: Key,
    readonly startUs: Microseconds,
    before: Theme | undefined,
    random: SeededRandom,
  ) {
    this.character = characters[mood];
    const { textures } = this.character;
    const known = before === undefined ? [] : textures.filter(([[beats]]) => beats === before.beatsPerBar);
    const [beatsPerBar, pattern] = random.pick(known.length > 0 ? known : textures);
    this.pattern = pattern;
    this.theme = before?.beatsPerBar === beatsPerBar ? before : newTheme(beatsPerBar, this.character, random);
  }

  get beatsPerBar(): number {
    return this.theme.beatsPerBar;
  }
  /** Bars that were begun. */
  get bars(): number {
    return this.#bars;
  }
  /** True between two phrases of which the second has come home. */
  get isRounded(): boolean {
    return this.#bar >= this.#roles.length && this.#phrases > 0 && (this.#eight || this.#phrases % 2 === 0);
  }

  /** The next bar, of the phrase that goes on or of a new one. */
  nextBar(random: SeededRandom): BarPlan {
    if (this.#bar >= this.#roles.length) this.#beginPhrase(random);
    const role = this.#roles[this.#bar] as BarRole;
    const plan = { role, motif: this.#motif(role, random), place: this.#bar / this.#roles.length };
    this.#bar++;
    this.#bars++;
    return plan;
  }

  /** Counts a bar that was not one of the phrase's: a cadence before a cut. */
  countBar(): void {
    this.#bars++;
  }

  /** Periods: four bars that ask, four that answer; or, now and then, a sentence of eight. */
  #beginPhrase(random: SeededRandom): void {
    const answering = !this.#eight && this.#phrases % 2 === 1;
    this.#eight = !answering && random.chance(0.3);
    this.#phrases = this.#eight ? 0 : this.#phrases;
    this.#roles = this.#eight ? phraseRoles(8, 'authentic') : phraseRoles(4, answering ? 'authentic' : 'half');
    this.#phrases++;
    this.#bar = 0;
  }

  /** The theme's motif, again on the next chord (a sequence), then something against it, then rest. */
  #motif(role: BarRole, random: SeededRandom): Motif {
    const { first, second, beatsPerBar } = this.theme;
    if (role === 'resolution' || role === 'half') return resting(beatsPerBar, random);
    if (this.#bar < 2) return first;
    if (this.#bar % 4 === 2) return second;
    return varied(this.#bar % 4 === 3 ? second : first, beatsPerBar, this.character, random);
  }
}

function newTheme(beatsPerBar: 3 | 4, character: MoodCharacter, random: SeededRandom): Theme {
  const first = newMotif(beatsPerBar, character, random);
  return { beatsPerBar, first, second: newMotif(beatsPerBar, character, random) };
}
