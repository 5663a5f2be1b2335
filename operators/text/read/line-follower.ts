import type { PlaneMap } from '../plane-map.js';
import { alignedQuad, areaOf, centreOf, distance, lineHeight, quadOverlap, reachBeyond } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import { cleanText, isSure } from './clean-text.js';
import { FollowedLine } from './followed-line.js';
import type { LineFlow } from './line-flow.js';
import { type MatchedLine, matchLines } from './line-matching.js';
import type { LumaPicture } from './luma-picture.js';
import { textLikeness } from './text-likeness.js';

/** A line to be read in the picture of a look. */
export interface LineToRead {
  /** Nothing for a line that is not followed yet, whose direction is not known either. */
  readonly line: FollowedLine | undefined;
  readonly quad: TextQuad;
}

/** A line that was read. */
export interface LineAsRead extends LineToRead {
  readonly text: string;
  /** 0–1. */
  readonly score: number;
}

/** What to do about a look. */
export interface LookPlan {
  readonly matched: readonly MatchedLine[];
  readonly superseded: readonly FollowedLine[];
  readonly toRead: readonly LineToRead[];
}

/** How lines are followed. */
export interface FollowLimits {
  /** Lines that are followed at once, at most. */
  readonly maxLines: number;
  /** How sure readers must be, 0–1. */
  readonly minScore: number;
}

/** Readings of a line after which it is read only now and then. */
const ENOUGH_READINGS = 5;
const READ_AGAIN_US = 2_000_000;
/** Growth from which a line may be read better. */
const GROWN = 1.25;
/** Lines read again in one look, at most. */
const MOST_AGAIN = 12;
/** Looks one after the other that miss a line, though it is followed. */
const MOST_MISSES = 8;
/** How long lines that were lost may come back, and how far from where they were, heights of a line. */
const MEMORY_US = 2_000_000;
const NEAR = 3;
const ALIKE = 0.6;
const SAME_TEXT = 0.75;
/** Overlap of what is followed with what a look finds, below which the look is right, and growth from which there is more to read. */
const RIGHT_PLACE = 0.6;
const MORE_TEXT = 1.15;
/** The same for the length of a line that came in over the edge of the picture, heights of the line: about half a letter. */
const MORE_LETTERS = 0.2;
/** Different pictures that lines are followed from, at most. */
const MOST_ANCHORS = 4;

/** Follows the lines of a shot from picture to picture, and tells by what looks find which are the same. */
export class LineFollower {
  readonly #flow: LineFlow;
  readonly #limits: FollowLimits;
  #lines: FollowedLine[] = [];
  #lost: FollowedLine[] = [];
  #lastId = 0;

  constructor(flow: LineFlow, limits: FollowLimits) {
    this.#flow = flow;
    this.#limits = limits;
  }

  /** Those in view. */
  get lines(): readonly FollowedLine[] {
    return this.#lines;
  }

  /** True while there is nothing to be followed. */
  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Begins another shot: all lines end. */
  cut(): void {
    for (const line of [...this.#lines, ...this.#lost]) line.close();
    this.#lines = [];
    this.#lost = [];
  }

  /** Goes on to the next picture. */
  move(picture: LumaPicture): void {
    this.#moveLines(this.#lines, picture);
    for (const line of this.#lines) if (line.isLost) this.#lost.push(line);
    this.#lines = this.#lines.filter((line) => !line.isLost);
    for (const line of this.#lost) if (isForgotten(line, picture.ptsUs)) line.close();
    this.#lost = this.#lost.filter((line) => !isForgotten(line, picture.ptsUs));
  }

  /** Where all lines are. */
  places(): ReadonlyMap<FollowedLine, TextQuad> {
    return new Map(this.#lines.map((line) => [line, line.quad]));
  }

  /**
   * What to read of what a look found.
   *
   * @param places Of the lines in the picture of the look; those that were lost or forgotten since are left out.
   */
  plan(found: readonly TextQuad[], places: ReadonlyMap<FollowedLine, TextQuad>, ptsUs: number): LookPlan {
    const lines = this.#lines.filter((line) => places.has(line));
    const { matched, superseded, fresh } = matchLines(lines, found, (line) => places.get(line) as TextQuad);
    const again = matched
      .map(({ line, quad }) => ({ line, quad: bestPlace(line, quad, places.get(line) as TextQuad) }))
      .filter(({ line, quad }) => isWorthReading(line, quad, places.get(line) as TextQuad, ptsUs))
      .sort((a, b) => a.line.votes.count - b.line.votes.count)
      .slice(0, MOST_AGAIN);
    const room = Math.max(0, this.#limits.maxLines - this.#lines.length);
    return {
      matched,
      superseded,
      toRead: [...again, ...fresh.slice(0, room).map((quad) => ({ line: undefined, quad }))],
    };
  }

  /**
   * Takes in a look.
   *
   * @param picture Of the look.
   * @param current The picture that {@link move} saw last: the same, or a later one.
   * @returns the lines that appeared, or came back, with it.
   */
  take(
    { matched, superseded }: LookPlan,
    read: readonly LineAsRead[],
    places: ReadonlyMap<FollowedLine, TextQuad>,
    picture: LumaPicture,
    current: LumaPicture,
  ): readonly FollowedLine[] {
    const found = new Map(matched.map(({ line, quad }) => [line, quad]));
    const anchored: FollowedLine[] = [];
    for (const line of this.#lines) {
      const place = places.get(line);
      if (place === undefined) continue;
      const quad = found.get(line);
      line.misses = quad === undefined ? line.misses + 1 : 0;
      if (quad !== undefined && this.#settle(line, quad, place, picture)) anchored.push(line);
    }
    const appeared = read.flatMap((reading) => this.#reading(reading, picture));
    const over = new Set(superseded);
    for (const line of this.#lines) if (line.misses >= MOST_MISSES || over.has(line)) line.lostUs = picture.ptsUs;
    if (picture !== current) this.#moveLines([...anchored, ...appeared], current);
    this.#lost.push(...this.#lines.filter((line) => line.isLost));
    this.#lines = this.#lines.filter((line) => !line.isLost);
    this.#limitAnchors(current);
    return appeared;
  }

  /** Where lines were in an earlier picture; those that were not there are left out. @param since How they moved, as far as is known; it is brought up to date. */
  lookBack(
    lines: readonly FollowedLine[],
    picture: LumaPicture,
    since: Map<FollowedLine, PlaneMap>,
  ): ReadonlyMap<FollowedLine, TextQuad> {
    const places = new Map<FollowedLine, TextQuad>();
    this.#follow(lines, picture, (line) => since.get(line)).forEach((motion, i) => {
      const line = lines[i] as FollowedLine;
      const quad = line.placeIn(picture, motion ?? since.get(line));
      if (quad === undefined) return;
      if (motion !== undefined) since.set(line, motion);
      places.set(line, quad);
    });
    return places;
  }

  /** Reads a line; one that is new is followed from here on. @returns it when it appeared with this reading. */
  #reading({ line: known, quad, ...reading }: LineAsRead, picture: LumaPicture): readonly FollowedLine[] {
    const text = cleanText(reading.text);
    const line = known ?? this.#appeared(quad, text, picture);
    line.votes.add({
      text: isSure(text, reading.score, this.#limits.minScore) ? text : '',
      score: reading.score,
      height: lineHeight(quad),
    });
    line.readUs = picture.ptsUs;
    if (line.votes.best !== undefined) line.id ??= ++this.#lastId;
    return known === undefined ? [line] : [];
  }

  /** A line that is followed from here on: one that came back, or a new one. */
  #appeared(quad: TextQuad, text: string, picture: LumaPicture): FollowedLine {
    const points = this.#flow.pointsOf(picture, quad, this.#lines.length + 1);
    const back = this.#returning(quad, text, picture);
    const line = back ?? new FollowedLine(picture, quad, points);
    back?.anchorTo(picture, quad, points);
    this.#lost = this.#lost.filter((other) => other !== line);
    this.#lines.push(line);
    return line;
  }

  /** A line that was lost a moment ago and is there again. */
  #returning(quad: TextQuad, text: string, picture: LumaPicture): FollowedLine | undefined {
    return this.#lost.find((line) => {
      const isNear = distance(centreOf(line.quad), centreOf(quad)) <= NEAR * line.height;
      if (!isNear) return false;
      const says = line.votes.best?.text;
      return says === undefined ? line.likenessAt(picture, quad) >= ALIKE : textLikeness(says, text) >= SAME_TEXT;
    });
  }

  /** Follows a line from the picture of a look where that is better. @returns whether it did. */
  #settle(line: FollowedLine, quad: TextQuad, place: TextQuad, picture: LumaPicture): boolean {
    const better = bestPlace(line, quad, place);
    if (better === place && !line.isStale) return false;
    if (better !== place && hasMoreText(line, better, place)) line.votes.beginAnew();
    line.anchorTo(picture, better, this.#flow.pointsOf(picture, better, this.#lines.length));
    return true;
  }

  /** Lines that are followed from the oldest of too many pictures are followed from the current one. */
  #limitAnchors(current: LumaPicture): void {
    const pictures = [...new Set(this.#lines.map(({ picture }) => picture))].sort((a, b) => b.ptsUs - a.ptsUs);
    const old = new Set(pictures.slice(MOST_ANCHORS));
    for (const line of this.#lines.filter(({ picture }) => old.has(picture))) {
      line.anchorTo(current, line.quad, this.#flow.pointsOf(current, line.quad, this.#lines.length));
    }
  }

  #moveLines(lines: readonly FollowedLine[], picture: LumaPicture): void {
    const motions = this.#follow(lines, picture);
    for (const [i, line] of lines.entries()) line.moveTo(picture, motions[i]);
  }

  #follow(
    lines: readonly FollowedLine[],
    picture: LumaPicture,
    guessOf: (line: FollowedLine) => PlaneMap | undefined = () => undefined,
  ) {
    const motions = new Map<FollowedLine, PlaneMap | undefined>();
    for (const anchor of new Set(lines.map((line) => line.picture))) {
      const group = lines.filter((line) => line.picture === anchor);
      const flows = group.map((line) => ({ ...line.flow, guess: guessOf(line) ?? line.flow.guess }));
      const fitted = this.#flow.follow(anchor, picture, flows);
      for (const [i, line] of group.entries()) motions.set(line, fitted[i]?.motion);
    }
    return lines.map((line) => motions.get(line));
  }
}

function isForgotten({ lostUs }: FollowedLine, ptsUs: number): boolean {
  return lostUs !== undefined && ptsUs - lostUs > MEMORY_US;
}

/** Where a line is by what is followed, or by the look where the two differ; of text that leaves the picture the place as it is followed. */
function bestPlace(line: FollowedLine, found: TextQuad, place: TextQuad): TextQuad {
  const aligned = alignedQuad(found, place);
  if (hasMoreLetters(line, aligned, place)) return aligned;
  if (quadOverlap(found, place) >= RIGHT_PLACE || areaOf(found) * MORE_TEXT < areaOf(place)) return place;
  return aligned;
}

function hasMoreText(line: FollowedLine, found: TextQuad, place: TextQuad): boolean {
  return areaOf(found) > MORE_TEXT * areaOf(place) || hasMoreLetters(line, found, place);
}

/** Looks at a line differ by as much anywhere, but at the edge of the picture that means something. */
function hasMoreLetters(line: FollowedLine, found: TextQuad, place: TextQuad): boolean {
  const { start, end } = line.isCut;
  const least = MORE_LETTERS * lineHeight(place);
  const [before, after] = reachBeyond(found, place);
  return (start && before > least) || (end && after > least);
}

function isWorthReading(line: FollowedLine, quad: TextQuad, place: TextQuad, ptsUs: number): boolean {
  const { votes } = line;
  if (quad !== place && hasMoreText(line, quad, place)) return true;
  if (votes.count < ENOUGH_READINGS || lineHeight(quad) > GROWN * votes.bestHeight) return true;
  return ptsUs - line.readUs >= READ_AGAIN_US;
}
