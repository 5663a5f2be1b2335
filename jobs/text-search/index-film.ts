import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Graph } from '../../pipeline/graph/graph.js';
import { VitascopeError } from '../../pipeline/index.js';
import type { WriteProgress } from '../../streams/file/write-file.js';
import { partialPath } from '../../streams/metadata/line-file.js';
import { METADATA_SCHEMA } from '../../streams/metadata/metadata-file.js';
import { attachedKeys } from '../film-records/attached-keys.js';
import { FilmJob } from '../process-film.js';
import { momentPictures } from './moment-pictures.js';
import { type TextAppearance, TextAppearances, type TextFrame } from './text-appearances.js';
import type { IndexedFilm, TextIndex } from './text-index.js';

/** Where texts of a film come from, and what becomes of them. */
export interface IndexFilmOptions {
  readonly input: string;
  /** Path of the index: what is not finished lies beside it. */
  readonly indexPath: string;
  /** Reads the film; it must attach `texts`. */
  readonly graph: Graph;
  /** NDJSON file with the texts of the film, as `--metadata` writes it, in the place of reading the film. */
  readonly metadata?: string | undefined;
  /** Index a film again that is there already. */
  readonly again?: boolean | undefined;
  /** Rows of the thumbnails, pixels; 0 for none. Default 180. */
  readonly thumbnailHeight?: number | undefined;
  readonly onProgress?: ((progress: WriteProgress) => void) | undefined;
  /** Called with the job when it runs, so that it can be stopped. */
  readonly onJob?: ((job: FilmJob) => void) | undefined;
}

/** What became of a film. */
export interface IndexedFilmResult {
  readonly film: string;
  /** `current`: it was there already. `stopped`: nothing was written; the same call goes on where it ended. */
  readonly state: 'indexed' | 'current' | 'stopped';
  readonly texts: number;
}

const DEFAULT_HEIGHT = 180;

/**
 * Reads the texts of a film, or takes those that were read before, and puts them into an index with thumbnails.
 *
 * @throws VitascopeError `GRAPH_TYPE` for a graph that reads no texts; `INPUT_…`; `OUTPUT_UNWRITABLE`; what the graph fails with.
 */
export async function indexFilm(index: TextIndex, options: IndexFilmOptions): Promise<IndexedFilmResult> {
  const { graph, again = false, metadata } = options;
  if (metadata === undefined && !attachedKeys(graph).has('texts')) {
    throw new VitascopeError('GRAPH_TYPE', `graph ${graph.name} reads no texts (it attaches no "texts")`, {
      context: { graph: graph.name },
    });
  }
  const film = await describe(options);
  if (!again && index.has(film)) return { film: film.path, state: 'current', texts: 0 };
  const made = metadata ?? (await readTexts(film, options));
  if (made === undefined) return { film: film.path, state: 'stopped', texts: 0 };
  try {
    const texts = await appearancesIn(made);
    const pictures = await thumbnailsOf(texts, options);
    index.replace(
      film,
      texts.map((text, i) => ({ ...text, thumbnail: pictures[i] })),
    );
    return { film: film.path, state: 'indexed', texts: texts.length };
  } finally {
    if (metadata === undefined) await rm(made, { force: true });
  }
}

/** What the graph and its options do decides whether a film must be read again; the metadata of an earlier run counts as what it is. */
async function describe({ input, graph, metadata }: IndexFilmOptions): Promise<IndexedFilm> {
  const found = await stat(input).catch((cause: unknown) => {
    throw new VitascopeError('INPUT_NOT_FOUND', `${input} does not exist or may not be read`, { cause });
  });
  const nodes = graph.nodes.map(({ name, operator, options, inputs }) => [name, operator.name, options, inputs]);
  const reading = metadata === undefined ? JSON.stringify(nodes) : `metadata ${resolve(metadata)}`;
  return { path: resolve(input), bytes: found.size, modifiedMs: Math.round(found.mtimeMs), reading };
}

/** @returns a file with the texts; nothing when the job was stopped. */
async function readTexts(film: IndexedFilm, options: IndexFilmOptions): Promise<string | undefined> {
  const { input, graph, indexPath, onProgress, onJob } = options;
  const name = createHash('sha256').update(film.path).digest('hex').slice(0, 12);
  const path = `${indexPath}.${name}.ndjson`;
  const job = await FilmJob.open({ input, graph, records: { metadata: path }, overwrite: true, onProgress });
  onJob?.(job);
  const { complete } = await job.run();
  if (complete) return path;
  await rm(partialPath(path), { force: true });
  return undefined;
}

async function appearancesIn(path: string): Promise<readonly TextAppearance[]> {
  const appearances = new TextAppearances();
  const texts: TextAppearance[] = [];
  const file = await open(path).catch((cause: unknown) => {
    throw new VitascopeError('INPUT_NOT_FOUND', `${path} does not exist or may not be read`, { cause });
  });
  let number = 0;
  try {
    for await (const line of file.readLines({ encoding: 'utf8', autoClose: false })) {
      if (++number === 1) checkHeader(path, line);
      else texts.push(...appearances.take(frameIn(path, number, line)));
    }
  } finally {
    await file.close();
  }
  return [...texts, ...appearances.finish()].sort((a, b) => a.fromUs - b.fromUs);
}

function checkHeader(path: string, line: string): void {
  const { schema } = parsed(path, 1, line) as { schema?: unknown };
  if (schema === METADATA_SCHEMA) return;
  throw unreadable(path, 1, `the header must name the schema ${METADATA_SCHEMA}, got ${JSON.stringify(schema)}`);
}

function frameIn(path: string, number: number, line: string): TextFrame {
  const frame = parsed(path, number, line) as Partial<TextFrame>;
  if (typeof frame.ptsUs === 'number' && (frame.texts ?? []).every(isText)) return frame as TextFrame;
  throw unreadable(path, number, 'it is no frame with texts');
}

function isText(item: unknown): boolean {
  const { text, quad, score } = (item ?? {}) as { text?: unknown; quad?: unknown; score?: unknown };
  const isPoint = (point: unknown): boolean =>
    Array.isArray(point) && point.length === 2 && point.every((value) => typeof value === 'number');
  return typeof text === 'string' && typeof score === 'number' && Array.isArray(quad) && quad.every(isPoint);
}

function parsed(path: string, number: number, line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below, with the place.
  }
  throw unreadable(path, number, 'it is no object of JSON');
}

function unreadable(path: string, line: number, what: string): VitascopeError {
  return new VitascopeError('INPUT_UNREADABLE', `${path}, line ${line}: ${what}`, { context: { path, line } });
}

async function thumbnailsOf(
  texts: readonly TextAppearance[],
  { input, thumbnailHeight = DEFAULT_HEIGHT }: IndexFilmOptions,
): Promise<readonly (Uint8Array | undefined)[]> {
  if (thumbnailHeight === 0 || texts.length === 0) return [];
  return momentPictures(
    input,
    texts.map(({ atUs }) => atUs),
    { height: thumbnailHeight },
  );
}
