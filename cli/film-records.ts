import { exportable, type FilmExportFormat, filmExportFormats } from '../jobs/film-records/export-format.js';
import type { FilmExport, FilmRecordsOptions, RecordFile } from '../jobs/film-records/record-plan.js';
import { VitascopeError } from '../pipeline/index.js';

/** Where one export ends and the next begins: a path may hold commas. */
const BETWEEN = new RegExp(`,(?=(?:${filmExportFormats.join('|')})(?:=|,|$))`);

/**
 * `coco,csv=people.csv` as the files that are meant.
 *
 * @throws VitascopeError `OPTION_INVALID`
 */
export function parseExports(text: string, previous: readonly FilmExport[] = []): readonly FilmExport[] {
  return [...previous, ...text.split(BETWEEN).map(parseExport)];
}

function parseExport(text: string): FilmExport {
  const [name = '', ...rest] = text.trim().split('=');
  const format = filmExportFormats.find((known) => known === name);
  const path = rest.length === 0 ? undefined : rest.join('=');
  if (format === undefined || path === '') {
    const forms = filmExportFormats.join(', ');
    throw new VitascopeError('OPTION_INVALID', `--export is one of ${forms}, or with a path csv=FILE, got "${text}"`);
  }
  return { format, path };
}

/** What the flags of the command ask for; nothing when they ask for nothing. */
export function recordsOf(flags: {
  readonly metadata?: string;
  readonly export?: readonly FilmExport[];
}): FilmRecordsOptions | undefined {
  const { metadata, export: exports = [] } = flags;
  return metadata === undefined && exports.length === 0 ? undefined : { metadata, exports };
}

/** Paths that a line names before it only counts. */
const NAMED = 4;

/** A line for each form that was written, and for each that was asked for and had nothing to be made of. */
export function describeRecords(records: readonly RecordFile[], asked: readonly FilmExportFormat[] = []): string[] {
  const forms = [...new Set([...records.map(({ form }) => form), ...asked])];
  return forms.map((form) => {
    const paths = records.filter((file) => file.form === form).map(({ path }) => path);
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
    if (paths.length === 0) return `  ${form}: ${missing(form)} was found, so there is no file`;
    return `  ${form}: ${paths.slice(0, NAMED).join(', ')}${more}`;
  });
}

/** What was not found when a form has no file. */
function missing(form: RecordFile['form']): string {
  const keys = form === 'metadata' ? [] : exportable(form);
  if (keys.length !== 1) return 'nothing';
  return keys[0] === 'poses' ? 'nobody' : 'no text';
}
