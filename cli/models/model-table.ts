import type { DownloadSize } from '../../models/catalog/catalog-entry.js';
import type { ModelTask } from '../../models/catalog/families.js';
import type { ModelEntry, ModelState } from '../../models/library/model-entry.js';
import type { ModelListing } from '../../models/library/model-listing.js';
import { formatBytes } from '../time-code.js';

/** Where a model is; `make it` for one that nobody offers as ONNX. */
export type ShownState = ModelState | 'make it';

/** A line of `vitascope models list`, and an object of its JSON. */
export interface ModelRow {
  readonly id: string;
  readonly task: ModelTask;
  readonly title: string;
  readonly family: string;
  /** Bytes on disk, or those to be fetched. */
  readonly bytes: number;
  readonly bytesKnown: DownloadSize['known'];
  /** Bytes on disk, those of an unfinished download included. */
  readonly bytesHere: number;
  readonly licence: string;
  readonly commercial: ModelEntry['licence']['commercial'];
  readonly state: ShownState;
  readonly digest: ModelListing['digest'];
  readonly quality: string | null;
  readonly speed: string | null;
  readonly source: string;
}

/** The row of a model. */
export function rowOf({ entry, state, bytes, download, digest }: ModelListing): ModelRow {
  const here = state !== 'available' && state !== 'partial';
  const size: DownloadSize = here ? { bytes, known: 'exact' } : (download ?? { bytes: 0, known: 'unknown' });
  return {
    id: entry.id,
    task: entry.task,
    title: entry.title,
    family: entry.family,
    bytes: size.bytes,
    bytesKnown: size.known,
    bytesHere: bytes,
    licence: entry.licence.weights,
    commercial: entry.licence.commercial,
    state: shownState(entry, state),
    digest,
    quality: entry.quality ?? null,
    speed: entry.speed ?? null,
    source: entry.source,
  };
}

/** The state as it is shown: what has no address cannot be pulled. */
export function shownState(entry: ModelEntry, state: ModelState): ShownState {
  return state === 'available' && entry.files.length === 0 ? 'make it' : state;
}

/** `12.3 MB`, `~13.0 MB` where it is rounded, `> 12.3 MB` where some files do not tell, `?` where none does. */
export function formatSize({ bytes, known }: DownloadSize): string {
  if (known === 'unknown') return '?';
  const mark = { exact: '', rough: '~', partial: '> ' }[known];
  return `${mark}${formatBytes(bytes)}`;
}

/** Rows as an aligned table with a header; notes are cut where a terminal of `width` columns ends. */
export function modelTable(rows: readonly ModelRow[], width = Number.POSITIVE_INFINITY): string {
  const header = ['ID', 'TASK', 'SIZE', 'LICENCE', 'STATE', 'NOTE'];
  const cells = [header, ...rows.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return cells.map((row) => cut(line(row), width)).join('\n');
}

function cellsOf(row: ModelRow): string[] {
  const size = formatSize({ bytes: row.bytes, known: row.bytesKnown });
  return [row.id, row.task, size, licenceCell(row), row.state, row.quality ?? ''];
}

function licenceCell({ licence, commercial }: ModelRow): string {
  const mark = { no: ' non-commercial', care: ' (see show)', yes: '' }[commercial];
  return `${licence}${mark}`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}
