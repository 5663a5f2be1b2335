import type { LineReader, LineReadOptions } from '../../../models/adapters/text/line-reader.js';
import { lyingQuad, quadSize, turnedQuad } from '../../../models/adapters/text/quad.js';
import type { FramePool, VideoFrame } from '../../../pipeline/index.js';
import type { TextQuad } from '../texts-meta.js';
import { cleanText } from './clean-text.js';
import { letterColumns } from './letter-columns.js';
import { readStacked } from './stacked-reader.js';

/** A place to be read. */
export interface PlaceToRead {
  readonly quad: TextQuad;
  /** Its direction is not known yet. */
  readonly isNew: boolean;
}

/** What a place says, begun where its text begins; stacked letters as if they were turned clockwise, so that they begin at the upper end. */
export interface PlaceAsRead {
  readonly quad: TextQuad;
  readonly text: string;
  /** 0–1. */
  readonly score: number;
}

/** With what places are read. */
export interface DirectionReader {
  readonly reader: LineReader;
  readonly options: LineReadOptions;
  /** For pictures of stacked letters. */
  readonly pool: FramePool;
}

/** Lines that were read worse than this may stand on their heads. */
const DOUBTFUL = 0.8;
/** How much better they must be read the other way round. */
const CLEARLY = 0.1;
/** Text that stands and is read worse than this may be letters one below the other. */
const UNSURE = 0.9;
/** How well boxes one below the other must be read as a column to be one. */
const COLUMN = 0.75;

/**
 * Reads places in whatever direction their text runs, as far as it is not known: new lines are also read upside down where they are doubtful; those that stand always,
 * and as stacked letters where no way is sure. The best counts.
 *
 * @param frame Borrowed.
 * @throws what the reader throws.
 */
export async function readDirections(
  frame: VideoFrame,
  places: readonly PlaceToRead[],
  how: DirectionReader,
): Promise<readonly PlaceAsRead[]> {
  const asTheyLie = await readPlaces(frame, places, how);
  const turned = await readAgain(
    asTheyLie,
    (place, i) => places[i]?.isNew === true && (isStanding(place.quad) || worthOf(place) < DOUBTFUL),
    (some) =>
      readPlaces(
        frame,
        some.map(({ quad }) => ({ quad: turnedQuad(quad) })),
        how,
      ),
  );
  const plain = asTheyLie.map((place, i) => better(place, turned[i], isStanding(place.quad) ? 0 : CLEARLY));
  const stacked = await readAgain(
    plain.map((place, i) => ({ ...place, quad: asTheyLie[i]?.quad ?? place.quad })),
    (place) => isFalling(place.quad) && worthOf(place) < UNSURE,
    (some) => readColumns(frame, some, how),
  );
  return plain.map((place, i) => better(place, stacked[i], 0));
}

/**
 * Boxes of a detector as lines: those that narrow and high ones make together, letter by letter one below the other, are one where they can be read so.
 *
 * @param frame Borrowed.
 * @param boxes Begun at the left upper corner, as detectors give them.
 * @returns places of lines, begun where text that runs down would begin where they stand.
 * @throws what the reader throws.
 */
export async function joinColumns(
  frame: VideoFrame,
  boxes: readonly TextQuad[],
  how: DirectionReader,
): Promise<readonly TextQuad[]> {
  const columns = letterColumns(boxes);
  if (columns.length === 0) return boxes.map(lyingQuad);
  const read = await readColumns(frame, columns, how);
  const parts = new Set(columns.flatMap((column, i) => (isWord(read[i]) ? column.parts : [])));
  return [...read.filter(isWord).map(({ quad }) => quad), ...boxes.filter((quad) => !parts.has(quad)).map(lyingQuad)];
}

async function readPlaces(
  frame: VideoFrame,
  places: readonly Pick<PlaceToRead, 'quad'>[],
  { reader, options }: DirectionReader,
): Promise<readonly PlaceAsRead[]> {
  if (places.length === 0) return [];
  const quads = places.map(({ quad }) => lyingQuad(quad));
  const read = await reader.read(frame, quads, options);
  return quads.map((quad, i) => ({ quad, text: read[i]?.text ?? '', score: read[i]?.score ?? 0 }));
}

async function readColumns(
  frame: VideoFrame,
  columns: readonly Pick<PlaceToRead, 'quad'>[],
  { reader, options, pool }: DirectionReader,
): Promise<readonly (PlaceAsRead | undefined)[]> {
  const quads = columns.map(({ quad }) => quad);
  return readStacked(frame, quads, reader, options, pool);
}

/** Reads some of what was read another way. @returns by the place; nothing where it was not read. */
async function readAgain(
  places: readonly PlaceAsRead[],
  isWanted: (place: PlaceAsRead, index: number) => boolean,
  read: (places: readonly PlaceAsRead[]) => Promise<readonly (PlaceAsRead | undefined)[]>,
): Promise<readonly (PlaceAsRead | undefined)[]> {
  const wanted = places.flatMap((place, i) => (isWanted(place, i) ? i : []));
  const again = wanted.length === 0 ? [] : await read(wanted.map((i) => places[i] as PlaceAsRead));
  const byPlace = new Map(wanted.map((place, i) => [place, again[i]]));
  return places.map((_, i) => byPlace.get(i));
}

function better(place: PlaceAsRead, other: PlaceAsRead | undefined, by: number): PlaceAsRead {
  return other !== undefined && worthOf(other) > worthOf(place) + by ? other : place;
}

/** How far a reading is to be believed, 0–1: not where nothing legible was read, and little where one letter is all that stands there, as high as several. */
function worthOf({ quad, text, score }: PlaceAsRead): number {
  const { length } = [...cleanText(text)];
  if (length === 0) return 0;
  return length === 1 && isStanding(quad) ? score / 2 : score;
}

/** Numbers one below the other are rather a table. */
function isWord(read: PlaceAsRead | undefined): read is PlaceAsRead {
  if (read === undefined || read.score < COLUMN) return false;
  const letters = read.text.match(/\p{L}/gu)?.length ?? 0;
  return 2 * letters >= [...read.text].length;
}

/** True for lines whose text runs up or down. */
function isStanding([a, b]: TextQuad): boolean {
  return Math.abs(b[1] - a[1]) > Math.abs(b[0] - a[0]);
}

/** True for those that are longer than high and run down. */
function isFalling(quad: TextQuad): boolean {
  const { width, height } = quadSize(quad);
  return isStanding(quad) && quad[1][1] > quad[0][1] && width > height;
}
