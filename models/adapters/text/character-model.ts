import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { VitascopeError } from '../../../pipeline/errors.js';
import { GramTrie, ROOT } from './gram-trie.js';

const [BEGIN, END, BLANK, UNKNOWN] = [2, 3, 0x20, 0xfffd];
const TOKENS: ReadonlyMap<string, number> = new Map([
  ['<s>', BEGIN],
  ['</s>', END],
  ['▁', BLANK],
  ['<unk>', UNKNOWN],
]);
const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const TO_NATURAL = Math.LN10;
/** For characters that the model does not have at all. */
const UNSEEN = -9 * TO_NATURAL;
/** Some ten milliseconds of work. */
const LINES_AT_ONCE = 8192;
/** Of a model's file, unpacked. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What a line says so far: the n-grams of the model with which it ends, the longest first, {@link ROOT} last. */
export type CharacterContext = readonly number[];

/** By path, time and size of the file: models that somebody has, and those that are being read. */
const open = new Map<string, WeakRef<CharacterModel>>();
const opening = new Map<string, Promise<CharacterModel>>();

/**
 * Which characters follow which, as n-grams with back-off.
 *
 * @see Katz 1987, "Estimation of Probabilities from Sparse Data for the Language Model Component of a Speech Recognizer"
 */
export class CharacterModel {
  /** The context of a line's first character. */
  readonly begin: CharacterContext;
  readonly #grams: GramTrie;
  readonly #order: number;
  /** It was made of small letters alone: capitals are asked for as small ones. */
  readonly #caseless: boolean;

  private constructor(grams: GramTrie, order: number) {
    this.#grams = grams;
    this.#order = order;
    this.#caseless = !ALPHABET.some((capital) => grams.child(ROOT, codeOf(capital)) !== ROOT);
    this.begin = this.#longer([ROOT], BEGIN);
  }

  /**
   * Opens an ARPA file, packed by gzip or not. Tokens are single characters; `▁` stands for the space, `<s>` and `</s>` for the ends of a line. All who open the same
   * file get the same model, as long as somebody has it.
   *
   * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` for what is no ARPA file of characters.
   */
  static async open(who: string, path: string): Promise<CharacterModel> {
    const file = resolve(path);
    const found = await stat(file).catch(() => undefined);
    const key = JSON.stringify([file, found?.mtimeMs, found?.size]);
    const known = open.get(key)?.deref() ?? opening.get(key);
    if (known !== undefined) return known;
    const reading = CharacterModel.#read(who, file);
    opening.set(key, reading);
    try {
      const model = await reading;
      open.set(key, new WeakRef(model));
      return model;
    } finally {
      opening.delete(key);
    }
  }

  static async #read(who: string, path: string): Promise<CharacterModel> {
    const text = await readPacked(who, path);
    const grams = new GramTrie();
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

  /** The context after one more character. */
  after(context: CharacterContext, character: string): CharacterContext {
    return this.#longer(context, this.#folded(character));
  }

  /** Natural logarithm of the probability of a character in a context. */
  likely(context: CharacterContext, character: string): number {
    return this.#backedOff(context, this.#folded(character));
  }

  /** Likewise that the line ends there. */
  ends(context: CharacterContext): number {
    return this.#backedOff(context, END);
  }

  #longer(context: CharacterContext, code: number): CharacterContext {
    const longer: number[] = [];
    // The longest of the model have no longer ones.
    const first = context.length > this.#order ? 1 : 0;
    for (let i = first; i < context.length; i++) {
      const node = this.#grams.child(context[i] ?? ROOT, code);
      if (node !== ROOT) longer.push(node);
    }
    longer.push(ROOT);
    return longer;
  }

  #backedOff(context: CharacterContext, code: number): number {
    let backOff = 0;
    for (const node of context) {
      const likely = this.#grams.likely(this.#grams.child(node, code));
      if (!Number.isNaN(likely)) return backOff + likely;
      backOff += this.#grams.backOff(node);
    }
    return UNSEEN;
  }

  #folded(character: string): number {
    return codeOf(this.#caseless ? character.toLowerCase() : character);
  }
}

/** Its code point; for what is no single character, one that no model has. */
function codeOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return character.length === 1 || character.length === String.fromCodePoint(code).length ? code : 0;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
  }
}

function addGram(who: string, path: string, grams: GramTrie, order: number, line: string): void {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const codes = codesOf(line, first + 1, second === -1 ? line.length : second);
  const likely = first === 0 ? Number.NaN : Number(line.slice(0, first));
  const backOff = second === -1 ? 0 : Number(line.slice(second + 1));
  if (codes?.length !== order || Number.isNaN(likely + backOff))
    throw invalid(who, path, `this is no ${order}-gram of characters: ${JSON.stringify(line.slice(0, 80))}`);
  grams.set(codes, { likely: likely * TO_NATURAL, backOff: backOff * TO_NATURAL });
}

/** Code points of the tokens between two places of a line; nothing where one is no character. */
function codesOf(line: string, start: number, end: number): number[] | undefined {
  const codes: number[] = [];
  for (let at = start; at <= end; ) {
    const blank = line.indexOf(' ', at);
    const stop = blank === -1 || blank > end ? end : blank;
    const token = line.slice(at, stop);
    const code = TOKENS.get(token) ?? codeOf(token);
    if (code === 0) return undefined;
    codes.push(code);
    at = stop + 1;
  }
  return codes;
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
