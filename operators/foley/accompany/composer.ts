import type { Microseconds } from '../../../pipeline/index.js';
import type { CompleteAccompanyOptions } from './accompany-options.js';
import { type Bar, BarWriter } from './bar-writer.js';
import { FINAL_US, Foresight, type Goal, type Moment, type SectionPlan } from './foresight.js';
import { characters, type Mood } from './mood.js';
import { resting } from './motif.js';
import { Performer, STRAY_US } from './performer.js';
import type { PictureFacts } from './picture-facts.js';
import { PictureMemory } from './picture-memory.js';
import { barChords, turnInto } from './progression.js';
import type { Score, ScoreBeat, ScoreHarmony, ScoreNote, ScorePedal, ScoreSection, SectionReason } from './score.js';
import { Section, type Theme } from './section.js';
import { SeededRandom } from './seeded-random.js';
import { type Appointment, Tempo } from './tempo.js';

/** How long before it sounds a beat is decided upon: notes may come early by as much as a player strays. */
export const DECISION_LEAD_US: Microseconds = STRAY_US + 22_000;
/** What of the look-ahead is left to whoever renders in blocks. */
const RESERVE_US: Microseconds = 10_000;
/** What was decided for after the cadence that is being played. */
type Turn = Goal & SectionPlan;

/**
 * Composes beat by beat from what is known of the picture when a beat must be decided upon. Constant memory; the music depends on the
 * facts and the seed, not on how often or for how much it is asked, as long as facts up to the look-ahead were heard.
 */
export class Composer {
  readonly #lookAheadUs: Microseconds;
  readonly #picture = new PictureMemory();
  readonly #tempo: Tempo;
  readonly #form: SeededRandom;
  readonly #foresight: Foresight;
  readonly #harmony: SeededRandom;
  readonly #writer = new BarWriter();
  readonly #performer: Performer;
  readonly #themes = new Map<Mood, Theme>();
  #section: Section | undefined;
  #bar: Bar | undefined;
  #beat = 0;
  #turn: Turn | undefined;
  #nextUs: Microseconds | undefined;
  #composedUs: Microseconds = Number.NEGATIVE_INFINITY;
  #endUs: Microseconds | undefined;
  #finishedUs: Microseconds | undefined;
  #out = emptyScore();

  constructor(options: CompleteAccompanyOptions) {
    const random = new SeededRandom(options.seed);
    this.#lookAheadUs = options.lookAheadMs * 1000;
    this.#tempo = new Tempo(options.tempo);
    this.#form = random.fork();
    this.#foresight = new Foresight(options, this.#picture, this.#form);
    this.#harmony = random.fork();
    this.#performer = new Performer(random.fork());
  }

  /** When the last note ends, once it is known. */
  get finishedUs(): Microseconds | undefined {
    return this.#finishedUs;
  }

  /** Takes note of a picture. @throws VitascopeError `OPTION_INVALID` for figures that are none. */
  hear(facts: PictureFacts): void {
    if (this.#endUs === undefined) this.#picture.hear(facts);
  }

  /** No more pictures: a cadence comes, before the last picture where that is far enough ahead. */
  end(): void {
    this.#endUs ??= this.#picture.newestUs ?? Number.NEGATIVE_INFINITY;
  }

  /** What begins before `ptsUs` and was not given yet; a little of what comes after may be with it. */
  composeUntil(ptsUs: Microseconds): Score {
    this.#start(ptsUs);
    this.#composedUs = Math.max(this.#composedUs, ptsUs);
    while (this.#finishedUs === undefined && this.#nextUs !== undefined && this.#nextUs - DECISION_LEAD_US < ptsUs) {
      this.#playBeat(this.#nextUs);
    }
    const score = this.#out;
    this.#out = emptyScore();
    return score;
  }

  /** Begins with the first picture; later, where sound has gone on without it. */
  #start(ptsUs: Microseconds): void {
    const { firstUs } = this.#picture;
    if (this.#nextUs !== undefined || firstUs === undefined || firstUs - DECISION_LEAD_US >= ptsUs) return;
    this.#nextUs = Math.max(firstUs, this.#composedUs + DECISION_LEAD_US);
  }

  #playBeat(atUs: Microseconds): void {
    const limitUs = atUs - DECISION_LEAD_US - RESERVE_US + this.#lookAheadUs;
    this.#picture.presentUntil(Math.min(atUs, limitUs));
    const bar = this.#currentBar(atUs, limitUs);
    const section = this.#section as Section;
    const { energy } = this.#picture;
    const bpm = this.#tempo.next(atUs, this.#wantedBpm(section.mood), this.#appointment(atUs, bar.beats));
    const beatUs = Math.round(60e6 / bpm);
    const toPlay = { startUs: atUs, beatUs, beat: this.#beat, energy, character: section.character };
    const begins = ({ at }: { at: number }): boolean => at >= this.#beat && at < this.#beat + 1;
    const harmonies = bar.harmonies.filter(({ from }) => begins({ at: from }));
    const final = this.#finishedUs !== undefined;
    this.#out.beats.push({ startUs: atUs, bpm });
    this.#out.harmonies.push(...harmonies.map(({ key, chord, voicing }) => ({ startUs: atUs, key, chord, voicing })));
    this.#out.notes.push(...this.#performer.play(bar.notes.filter(begins), toPlay));
    this.#out.pedals.push(...this.#performer.pedal(harmonies, final ? 'chorale' : section.pattern, toPlay));
    this.#nextUs = atUs + beatUs;
    this.#beat++;
    if (final) this.#close(atUs, bar.beats * beatUs);
  }

  #appointment(atUs: Microseconds, beats: number): Appointment | undefined {
    const goalUs = this.#turn?.atUs ?? atUs;
    return goalUs > atUs ? { atUs: goalUs, beats: beats - this.#beat } : undefined;
  }

  #close(atUs: Microseconds, lengthUs: Microseconds): void {
    this.#finishedUs = atUs + lengthUs;
    this.#out.pedals.push({ atUs: this.#finishedUs, down: false });
  }

  #currentBar(atUs: Microseconds, limitUs: Microseconds): Bar {
    const { beats = 0 } = this.#bar ?? {};
    if (this.#bar === undefined || this.#beat >= beats) {
      this.#beat = 0;
      this.#bar = this.#nextBar(atUs, limitUs);
    } else if (this.#turn === undefined) {
      this.#bar = this.#interrupted(this.#bar, atUs, limitUs);
    }
    return this.#bar;
  }

  #nextBar(atUs: Microseconds, limitUs: Microseconds): Bar {
    const section = this.#section;
    if (section === undefined)
      return this.#beginSection(atUs, 'first', this.#foresight.plan(this.#section, atUs, limitUs));
    if (this.#turn !== undefined) return this.#fulfil(atUs, this.#turn);
    const goal = this.#foresight.goal(section, this.#moment(atUs, limitUs));
    if (goal !== undefined) {
      const left = this.#beatsUntil(goal, atUs);
      const ready = goal.reason === 'cut' || ['V', 'V7'].includes(this.#writer.chord?.symbol ?? '');
      if (left <= 0 && ready)
        return this.#fulfil(atUs, { ...goal, ...this.#foresight.plan(this.#section, goal.atUs, limitUs, goal.reason) });
      if (left <= section.beatsPerBar + 1) return this.#cadence(section, goal, 0, left <= 0 ? 2 : left, limitUs);
    } else if (this.#foresight.isSpent(section, limitUs)) {
      return this.#beginSection(atUs, 'length', this.#foresight.plan(this.#section, atUs, limitUs));
    }
    return this.#ordinaryBar(section, goal !== undefined);
  }

  /** The bar with its rest turned into a cadence, where something came up after it was begun. */
  #interrupted(bar: Bar, atUs: Microseconds, limitUs: Microseconds): Bar {
    const section = this.#section as Section;
    const goal = this.#foresight.goal(section, this.#moment(atUs, limitUs));
    const rest = bar.beats - this.#beat;
    const left = goal === undefined ? Number.POSITIVE_INFINITY : this.#beatsUntil(goal, atUs);
    if (goal === undefined || left > rest) return bar;
    const sounding = bar.harmonies.findLast(({ from }) => from < this.#beat);
    if (sounding !== undefined) this.#writer.returnTo(sounding);
    return this.#cadence(section, goal, this.#beat, this.#beat + (left >= 1 ? left : Math.min(2, rest)), limitUs);
  }

  #ordinaryBar(section: Section, leaving: boolean): Bar {
    const { role, motif, place } = section.nextBar(this.#form);
    const { key, character, pattern, beatsPerBar: beats } = section;
    const chords = barChords(
      leaving ? 'predominant' : role,
      key,
      this.#writer.chord,
      character.harmonicRhythm,
      this.#harmony,
    );
    const firm = role !== 'free' && role !== 'predominant';
    return this.#writer.write({ key, chords, from: 0, beats, motif, pattern, character, place, firm });
  }

  /** A dominant of what comes after it, up to the cut or the end. */
  #cadence(section: Section, goal: Goal, from: number, beats: number, limitUs: Microseconds): Bar {
    const plan = this.#foresight.plan(this.#section, goal.atUs, limitUs, goal.reason);
    this.#turn = { ...goal, ...plan };
    section.countBar();
    const { character, pattern } = section;
    const chords = turnInto(plan.key, beats - from, this.#harmony);
    const motif = from === 0 ? section.theme.second : resting(beats, this.#form);
    return this.#writer.write({
      key: plan.key,
      chords,
      from,
      beats,
      motif,
      pattern,
      character,
      place: 0.9,
      firm: true,
    });
  }

  #fulfil(atUs: Microseconds, turn: Turn): Bar {
    this.#turn = undefined;
    if (turn.reason === 'cut') return this.#beginSection(atUs, 'cut', turn, turn.atUs);
    return this.#lastBar(atUs, turn);
  }

  #beginSection(atUs: Microseconds, reason: SectionReason, { mood, key }: SectionPlan, cutUs?: Microseconds): Bar {
    const section = new Section(mood, key, atUs, this.#themes.get(mood), this.#form);
    this.#themes.set(mood, section.theme);
    this.#section = section;
    const { pattern, beatsPerBar } = section;
    const cut = cutUs === undefined ? {} : { cutUs };
    this.#out.sections.push({ startUs: atUs, reason, ...cut, mood, key, pattern, beatsPerBar });
    return this.#ordinaryBar(section, false);
  }

  #lastBar(atUs: Microseconds, { mood, key }: Turn): Bar {
    const section = this.#section as Section;
    const { pattern, character, beatsPerBar } = section;
    const beats = Math.max(2, Math.round(FINAL_US / this.#beatUs()));
    const chords = barChords('resolution', key, this.#writer.chord, 0, this.#harmony);
    const motif = { onsets: [0], steps: [0] };
    this.#finishedUs = atUs;
    this.#out.sections.push({ startUs: atUs, reason: 'end', mood, key, pattern, beatsPerBar });
    return this.#writer.write({
      key,
      chords,
      from: 0,
      beats,
      motif,
      pattern,
      character,
      place: 1,
      firm: true,
      final: true,
    });
  }

  #moment(atUs: Microseconds, limitUs: Microseconds): Moment {
    return { atUs, limitUs, beatUs: this.#beatUs(), endUs: this.#endUs };
  }

  #wantedBpm(mood: Mood): number {
    const [rest, height] = characters[mood].bpm;
    return rest + (height - rest) * this.#picture.feel.motion;
  }

  #beatUs(): Microseconds {
    return this.#tempo.beatUs(this.#wantedBpm(this.#section?.mood ?? 'calm'));
  }

  /** Rather one beat fewer: to broaden before a goal is musical, to hurry is not. */
  #beatsUntil({ atUs, reason }: Goal, nowUs: Microseconds): number {
    const beats = (atUs - nowUs) / this.#beatUs();
    const broader = reason === 'end' ? 0.4 : 0.15;
    return Math.round(beats > 2.5 || reason === 'end' ? beats - broader : beats);
  }
}

function emptyScore(): {
  notes: ScoreNote[];
  pedals: ScorePedal[];
  harmonies: ScoreHarmony[];
  sections: ScoreSection[];
  beats: ScoreBeat[];
} {
  return { notes: [], pedals: [], harmonies: [], sections: [], beats: [] };
}
