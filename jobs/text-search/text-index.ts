import { existsSync, statSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import type { TextQuad } from '../../operators/text/texts-meta.js';
import { foldText } from '../../operators/text/translate/fold-text.js';
import { type Microseconds, VitascopeError } from '../../pipeline/index.js';
import { searchExpression } from './search-expression.js';
import type { TextAppearance } from './text-appearances.js';

/** What an entry of an index depends on: when it is the same, the film need not be read again. */
export interface IndexedFilm {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** When the file was changed, milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Graph and options that read it. */
  readonly reading: string;
}

/** A text with its picture. */
export interface IndexedText extends TextAppearance {
  /** JPEG. Texts of one moment may share it. */
  readonly thumbnail?: Uint8Array | undefined;
}

/** A moment that was found. */
export interface FoundText extends IndexedText {
  /** Path of the film, absolute. */
  readonly film: string;
}

/** `Vita`, by which SQLite's own tools and we know the file. */
const APPLICATION_ID = 0x56697461;
const VERSION = 1;

const schema = `
CREATE TABLE films (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, modified_ms INTEGER NOT NULL, reading TEXT NOT NULL);
CREATE TABLE thumbnails (id INTEGER PRIMARY KEY, film_id INTEGER NOT NULL, jpeg BLOB NOT NULL);
CREATE TABLE texts (
  id INTEGER PRIMARY KEY, film_id INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, at_us INTEGER NOT NULL,
  text TEXT NOT NULL, language TEXT, translation TEXT, score REAL NOT NULL, quad TEXT NOT NULL, thumbnail_id INTEGER);
CREATE INDEX texts_of_films ON texts (film_id);
CREATE INDEX thumbnails_of_films ON thumbnails (film_id);
CREATE VIRTUAL TABLE words USING fts5 (text, translation, prefix = '2 3');
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${VERSION};
`;

type Row = Readonly<Record<string, unknown>>;

/**
 * A file of SQLite with the texts of films, where words are looked up: whatever their case and accents, by their beginnings, in what was read and in its
 * translation. One process writes at a time.
 */
export class TextIndex implements Disposable {
  readonly #path: string;
  readonly #database: sqlite.Database;

  private constructor(path: string, database: sqlite.Database) {
    this.#path = path;
    this.#database = database;
  }

  /**
   * Opens an index. @param create Make one where there is none, and write into it.
   *
   * @throws VitascopeError `INPUT_NOT_FOUND`; `INPUT_UNREADABLE` for a file that is no index, or one of another version; `OUTPUT_UNWRITABLE`
   */
  static open(path: string, { create = false }: { readonly create?: boolean } = {}): TextIndex {
    const isThere = existsSync(path) && statSync(path).size > 0;
    if (!isThere && !create) {
      throw new VitascopeError('INPUT_NOT_FOUND', `${path}: there is no such index; \`vitascope index\` makes one`, {
        context: { path },
      });
    }
    let database: sqlite.Database | undefined;
    try {
      database = new sqlite.Database(path, create ? {} : { readOnly: true, fileMustExist: true });
      if (!isThere) database.exec(schema);
      const index = new TextIndex(path, database);
      index.#check();
      return index;
    } catch (cause) {
      database?.close();
      if (cause instanceof VitascopeError) throw cause;
      throw failureOf(path, cause, isThere ? 'INPUT_UNREADABLE' : 'OUTPUT_UNWRITABLE');
    }
  }

  /** True when the film is there, and was read the same way. */
  has({ path, bytes, modifiedMs, reading }: IndexedFilm): boolean {
    const row = this.#database.get('SELECT bytes, modified_ms, reading FROM films WHERE path = ?', path) as Row | null;
    return row !== null && row.bytes === bytes && row.modified_ms === modifiedMs && row.reading === reading;
  }

  /** Paths of all films, absolute, in their order. */
  films(): readonly string[] {
    return this.#rows('SELECT path FROM films ORDER BY path').map(({ path }) => String(path));
  }

  /**
   * Puts the texts of a film in the place of those that were there, all or none.
   *
   * @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_IN_USE`
   */
  replace(film: IndexedFilm, texts: readonly IndexedText[]): void {
    const database = this.#database;
    try {
      database.exec('BEGIN IMMEDIATE');
      this.#remove(film.path);
      const values = [film.path, film.bytes, film.modifiedMs, film.reading];
      const added = database.run('INSERT INTO films (path, bytes, modified_ms, reading) VALUES (?, ?, ?, ?)', values);
      this.#insert(Number(added.lastInsertRowid), texts);
      database.exec('COMMIT');
    } catch (cause) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw failureOf(this.#path, cause, 'OUTPUT_UNWRITABLE');
    }
  }

  /**
   * The moments at which words are on screen, film by film, in the order of the film.
   *
   * @param words All of them must be there, in any order; each may be the beginning of a word. Words in double quotes must follow one another.
   * @throws VitascopeError `OPTION_INVALID` when there is no word.
   */
  search(words: string, { limit = 100 }: { readonly limit?: number } = {}): readonly FoundText[] {
    const rows = this.#rows(
      `SELECT films.path, texts.*, thumbnails.jpeg FROM words
       JOIN texts ON texts.id = words.rowid JOIN films ON films.id = texts.film_id
       LEFT JOIN thumbnails ON thumbnails.id = texts.thumbnail_id
       WHERE words MATCH ? ORDER BY films.path, texts.from_us, texts.id LIMIT ?`,
      [searchExpression(words), limit],
    );
    return rows.map(foundText);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #check(): void {
    const read = (pragma: string): unknown => Object.values(this.#database.get(`PRAGMA ${pragma}`) as Row)[0];
    const version = read('application_id') === APPLICATION_ID ? read('user_version') : undefined;
    if (version === VERSION) return;
    const what = version === undefined ? 'no index of texts' : `an index of version ${String(version)}`;
    throw new VitascopeError('INPUT_UNREADABLE', `${this.#path} is ${what}; expected one of version ${VERSION}`, {
      context: { path: this.#path },
    });
  }

  #remove(path: string): void {
    const row = this.#database.get('SELECT id FROM films WHERE path = ?', path) as Row | null;
    if (row === null) return;
    const id = Number(row.id);
    this.#database.run('DELETE FROM words WHERE rowid IN (SELECT id FROM texts WHERE film_id = ?)', id);
    for (const table of ['texts', 'thumbnails']) this.#database.run(`DELETE FROM ${table} WHERE film_id = ?`, id);
    this.#database.run('DELETE FROM films WHERE id = ?', id);
  }

  #insert(film: number, texts: readonly IndexedText[]): void {
    const pictures = new Map<Uint8Array, number>();
    for (const text of texts) {
      const { fromUs, toUs, atUs, language = null, translation = null, score, quad } = text;
      const thumbnail = text.thumbnail === undefined ? null : this.#picture(film, text.thumbnail, pictures);
      const added = this.#database.run(
        `INSERT INTO texts (film_id, from_us, to_us, at_us, text, language, translation, score, quad, thumbnail_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [film, fromUs, toUs, atUs, text.text, language, translation, score, JSON.stringify(quad), thumbnail],
      );
      const folded = [Number(added.lastInsertRowid), foldText(text.text), foldText(translation ?? '')];
      this.#database.run('INSERT INTO words (rowid, text, translation) VALUES (?, ?, ?)', folded);
    }
  }

  #picture(film: number, jpeg: Uint8Array, known: Map<Uint8Array, number>): number {
    const there = known.get(jpeg);
    if (there !== undefined) return there;
    const added = this.#database.run('INSERT INTO thumbnails (film_id, jpeg) VALUES (?, ?)', [film, jpeg]);
    const id = Number(added.lastInsertRowid);
    known.set(jpeg, id);
    return id;
  }

  #rows(sql: string, values: sqlite.BindValues = []): readonly Row[] {
    return this.#database.all(sql, values) as readonly Row[];
  }
}

function foundText(row: Row): FoundText {
  return {
    film: String(row.path),
    fromUs: microseconds(row.from_us),
    toUs: microseconds(row.to_us),
    atUs: microseconds(row.at_us),
    text: String(row.text),
    ...(row.language === null ? {} : { language: String(row.language) }),
    ...(row.translation === null ? {} : { translation: String(row.translation) }),
    score: Number(row.score),
    quad: JSON.parse(String(row.quad)) as TextQuad,
    ...(row.jpeg instanceof Uint8Array ? { thumbnail: row.jpeg } : {}),
  };
}

function microseconds(value: unknown): Microseconds {
  return Number(value);
}

function failureOf(path: string, cause: unknown, otherwise: 'INPUT_UNREADABLE' | 'OUTPUT_UNWRITABLE'): VitascopeError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/locked/i.test(message)) {
    const advice = `another process writes it; if none does, one that died has left ${path}.lock`;
    return new VitascopeError('OUTPUT_IN_USE', `${path} is locked: ${advice}`, { cause, context: { path } });
  }
  const what = otherwise === 'INPUT_UNREADABLE' ? 'cannot be read as an index' : 'cannot be written';
  return new VitascopeError(otherwise, `${path} ${what}: ${message}`, { cause, context: { path } });
}
