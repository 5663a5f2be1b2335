import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { VitascopeError } from '../../../pipeline/errors.js';

/** An n-gram: the logarithm of its last character's probability after the others, and what is added where a longer one is not there. */
interface Gram {
  readonly likely: number;
  readonly backOff: number;
}

const BEGIN = '\u0002';
const END = '\u0003';
const TOKENS: ReadonlyMap<string, string> = new Map([
  ['<s>', BEGIN],
  ['</s>', END],
  ['▁', ' '],
  ['<unk>', '\ufffd'],
]);
const BLANK = 0x20;
const SPACE_MARK = '▁'.charCodeAt(0);
const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const TO_NATURAL = Math.LN10;
/** For characters that the model does not have at all. */
const UNSEEN = -9 * TO_NATURAL;
/** Some ten milliseconds of work. */
const LINES_AT_ONCE = 8192;
/** Of a model's file, unpacked. */
const MOST_BYTES = 64 * 1024 * 1024;

/** N-grams in tables by length: one of half a million would stand still for a tenth of a second each time it grows. */
class Grams {
  readonly #tables: Map<string, Gram>[] = [];

  get(text: string): Gram | undefined {
    return this.#tables[text.length]?.get(text);
  }

  set(text: string, gram: Gram): void {
    while (this.#tables.length <= text.length) this.#tables.push(new Map());
    this.#tables[text.length]?.set(text, gram);
  }

  get isEmpty(): boolean {
    return this.#tables.length === 0;
  }
}

/**
 * Which characters follow which, as n-grams with back-off. Contexts are opaque: they come from {@link begin} and {@link after}.
 *
 * @see Katz 1987, "Estimation of Probabilities from Sparse Data for the Language Model Component of a Speech Recognizer"
 */
export class CharacterModel {
  readonly #grams: Grams;
  readonly #order: number;
  /** It was made of small letters alone: capitals are asked for as small ones. */
  readonly #caseless: boolean;

  private constructor(grams: Grams, order: number) {
    this.#grams = grams;
    this.#order = order;
    this.#caseless = !ALPHABET.some((capital) => grams.get(capital) !== undefined);
  }

  /**
   * Opens an ARPA file, packed by gzip or not. Tokens are single characters; `▁` stands for the space, `<s>` and `</s>` for the ends of a line.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` for what is no ARPA file of characters.
   */
  static async open(who: string, path: string): Promise<CharacterModel> {
    const text = await readPacked(who, path);
    const grams = new Grams();
    let order = 0;
    let lines = 0;
    for (const line of linesOf(text)) {
      // Pictures of a live stream pass meanwhile.
      if (lines++ % LINES_AT_ONCE === 0) await setImmediate();
      const header = line.startsWith('\\') ? /^\\(\d+)-grams:/.exec(line) : null;
      if (header !== null) order = Number(header[1]);
      else if (order > 0 && line.includes('\t')) addGram(who, path, grams, order, line);
    }
    if (grams.isEmpty) throw invalid(who, path, 'it has no n-grams');
    return new CharacterModel(grams, order);
  }

  /** The context of a line's first character. */
  get begin(): string {
    return BEGIN;
  }

  /** The context after one more character. */
  after(context: string, character: string): string {
    return (context + this.#folded(character)).slice(-Math.max(1, this.#order - 1));
  }

  /** Natural logarithm of the probability of a character in a context. */
  likely(context: string, character: string): number {
    return this.#backedOff(context, this.#folded(character));
  }

  /** Likewise that the line ends there. */
  ends(context: string): number {
    return this.#backedOff(context, END);
  }

  #backedOff(context: string, character: string): number {
    let backOff = 0;
    for (let start = 0; start <= context.length; start++) {
      const history = context.slice(start);
      const gram = this.#grams.get(history + character);
      if (gram !== undefined) return backOff + gram.likely;
      backOff += this.#grams.get(history)?.backOff ?? 0;
    }
    return UNSEEN;
  }

  #folded(character: string): string {
    return this.#caseless ? character.toLowerCase() : character;
  }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
  }
}

function addGram(who: string, path: string, grams: Grams, order: number, line: string): void {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const text = joinedTokens(line.slice(first + 1, second === -1 ? line.length : second), order);
  const likely = first === 0 ? Number.NaN : Number(line.slice(0, first));
  const backOff = second === -1 ? 0 : Number(line.slice(second + 1));
  if (text === undefined || Number.isNaN(likely + backOff))
    throw invalid(who, path, `this is no ${order}-gram of characters: ${JSON.stringify(line.slice(0, 80))}`);
  grams.set(text, { likely: likely * TO_NATURAL, backOff: backOff * TO_NATURAL });
}

/** Tokens without what stands between them; nothing where they are not so many characters. */
function joinedTokens(gram: string, order: number): string | undefined {
  return singleUnits(gram, order) ?? anyTokens(gram, order);
}

/** The same of tokens of one unit each, as almost all are: there are half a million of them. */
function singleUnits(gram: string, order: number): string | undefined {
  if (gram.length !== 2 * order - 1) return undefined;
  const units = new Array<number>(order);
  for (let i = 0; i < order; i++) {
    if (i > 0 && gram.charCodeAt(2 * i - 1) !== BLANK) return undefined;
    const unit = gram.charCodeAt(2 * i);
    units[i] = unit === SPACE_MARK ? BLANK : unit;
  }
  return String.fromCharCode(...units);
}

function anyTokens(gram: string, order: number): string | undefined {
  let [text, count] = ['', 0];
  for (const token of gram.split(' ')) {
    const character = TOKENS.get(token) ?? token;
    // Outside the first plane one character has two units.
    if (character.length !== 1 && [...character].length !== 1) return undefined;
    text += character;
    count++;
  }
  return count === order ? text : undefined;
}

async function readPacked(who: string, path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new VitascopeError('MODEL_NOT_FOUND', `${who}: ${path} cannot be read`, { cause });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }).catch((cause: unknown) => {
    throw new VitascopeError('MODEL_INVALID', `${who}: ${path} cannot be unpacked`, { cause });
  });
  return unpacked.toString('utf8');
}

function invalid(who: string, path: string, why: string): VitascopeError {
  return new VitascopeError('MODEL_INVALID', `${who}: ${path} must be an ARPA file of characters: ${why}`);
}
