import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { VitascopeError } from '../../../pipeline/index.js';
import { foldText } from './fold-text.js';

/** How somebody wants a word or a phrase translated. */
export interface GlossaryEntry {
  readonly source: string;
  readonly target: string;
  /** BCP 47; entries without them hold for all languages. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;
const columns = ['source', 'target', 'from', 'to'] as const;

type Row = Partial<Record<(typeof columns)[number], string>>;

/** A user's own translations, which come before all others. Words are found whatever their case and accents. */
export class Glossary {
  readonly #whole = new Map<string, GlossaryEntry[]>();
  /** Words of the longest entry. */
  readonly #longest: number;

  constructor(entries: readonly GlossaryEntry[]) {
    let longest = 0;
    for (const entry of entries) {
      const key = foldText(entry.source);
      this.#whole.set(key, [...(this.#whole.get(key) ?? []), entry]);
      longest = Math.max(longest, key.split(' ').length);
    }
    this.#longest = longest;
  }

  /** The entry for a text as a whole. @param from Nothing where it is not known: entries of any language hold then. */
  find(text: string, from: string | undefined, to: string): GlossaryEntry | undefined {
    return this.#fitting(foldText(text), from, to);
  }

  /**
   * A text, cut where entries of the glossary stand in it; longer ones count before shorter ones.
   *
   * @returns The parts in order, with the entry of those that are one.
   */
  split(
    text: string,
    from: string | undefined,
    to: string,
  ): readonly { readonly text: string; readonly entry?: GlossaryEntry }[] {
    const words = [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(({ 0: word, index }) => ({
      start: index,
      end: index + word.length,
    }));
    const parts: { text: string; entry?: GlossaryEntry }[] = [];
    let done = 0;
    for (let at = 0; at < words.length; ) {
      const found = this.#longestAt(text, words, at, from, to);
      if (found === undefined) {
        at++;
        continue;
      }
      const [start, end] = [words[at]?.start ?? 0, words[at + found.words - 1]?.end ?? 0];
      if (start > done) parts.push({ text: text.slice(done, start) });
      parts.push({ text: text.slice(start, end), entry: found.entry });
      done = end;
      at += found.words;
    }
    return done < text.length ? [...parts, { text: text.slice(done) }] : parts;
  }

  #longestAt(
    text: string,
    words: readonly { readonly start: number; readonly end: number }[],
    at: number,
    from: string | undefined,
    to: string,
  ): { readonly words: number; readonly entry: GlossaryEntry } | undefined {
    for (let count = Math.min(this.#longest, words.length - at); count > 0; count--) {
      const phrase = text.slice(words[at]?.start, words[at + count - 1]?.end);
      const entry = this.#fitting(foldText(phrase), from, to);
      if (entry !== undefined) return { words: count, entry };
    }
    return undefined;
  }

  /** Entries that name languages count before those that do not. */
  #fitting(key: string, from: string | undefined, to: string): GlossaryEntry | undefined {
    const fits = (wanted: string | undefined, is: string | undefined): boolean =>
      wanted === undefined || is === undefined || wanted === is;
    const fitting = (this.#whole.get(key) ?? []).filter((entry) => fits(entry.from, from) && fits(entry.to, to));
    return fitting.sort((a, b) => named(b) - named(a))[0];
  }
}

function named({ from, to }: GlossaryEntry): number {
  return (from === undefined ? 0 : 2) + (to === undefined ? 0 : 1);
}

/**
 * Reads a glossary: CSV in UTF-8 with a first line that names the columns `source`, `target` and, where wanted, `from` and `to` (BCP 47).
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`; `OPTION_INVALID`, which names the line of what is wrong.
 */
export function readGlossary(path: string): Glossary {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new VitascopeError('INPUT_NOT_FOUND', `glossary: ${path} cannot be read`, { cause, context: { path } });
  }
  if (bytes.length > MAX_BYTES) throw wrong(path, undefined, `has more than ${MAX_BYTES / 1024 / 1024} MiB`);
  return parseGlossary(bytes, path);
}

/** As {@link readGlossary}, of what was read. @param path For messages. */
export function parseGlossary(csv: Uint8Array | string, path: string): Glossary {
  const entries: GlossaryEntry[] = [];
  const lines = new Map<string, { readonly line: number; readonly target: string }>();
  for (const { record, info } of recordsOf(csv, path)) {
    const entry = entryOf(record);
    if (typeof entry === 'string') throw wrong(path, info.lines, entry);
    const key = [foldText(entry.source), entry.from, entry.to].join('\n');
    const earlier = lines.get(key);
    if (earlier !== undefined && earlier.target !== entry.target) {
      throw wrong(path, info.lines, `"${entry.source}" has another translation in line ${earlier.line} already`);
    }
    lines.set(key, { line: info.lines, target: entry.target });
    entries.push(entry);
  }
  return new Glossary(entries);
}

interface CsvRecord {
  readonly record: Row;
  readonly info: { readonly lines: number };
}

function recordsOf(csv: Uint8Array | string, path: string): readonly CsvRecord[] {
  try {
    const records: unknown = parse(typeof csv === 'string' ? csv : Buffer.from(csv), {
      bom: true,
      columns: (header: string[]) => checkedHeader(header, path),
      info: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count_less: true,
    });
    return records as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: unknown };
    throw wrong(path, typeof lines === 'number' ? lines : undefined, error.message);
  }
}

function checkedHeader(header: readonly string[], path: string): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !(columns as readonly string[]).includes(name));
  const isComplete = names.includes('source') && names.includes('target') && new Set(names).size === names.length;
  if (unknown === undefined && isComplete) return names;
  const got = header.length === 0 ? 'nothing' : header.join(', ');
  throw wrong(path, 1, `the first line must name the columns source, target and perhaps from, to, got ${got}`);
}

function entryOf({ source = '', target = '', from = '', to = '' }: Row): GlossaryEntry | string {
  if (foldText(source) === '') return 'source must hold a word';
  if (target === '') return `"${source}" has no target`;
  for (const [column, language] of [
    ['from', from],
    ['to', to],
  ]) {
    if (language !== '' && !/^[a-z]{2,3}$/.test(language ?? '')) {
      return `${column} must be a language such as fr, got "${language}"`;
    }
  }
  return { source, target, ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
}

function wrong(path: string, line: number | undefined, what: string): VitascopeError {
  const place = line === undefined ? path : `${path}, line ${line}`;
  return new VitascopeError('OPTION_INVALID', `glossary: ${place}: ${what}`, { context: { path, line } });
}
