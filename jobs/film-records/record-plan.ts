import { basename, dirname, extname, join, resolve } from 'node:path';
import { VitascopeError } from '../../pipeline/index.js';
import type { FilmExportFormat } from './export-format.js';

/**
 * What is written of a film besides its pictures.
 *
 * @example
 * const records = { metadata: 'dance.ndjson', exports: [{ format: 'bvh' }] } as const;
 * const job = await FilmJob.open({ input: 'dance.mp4', graph: await loadGraph('pose'), records });
 * for (const { form, path } of (await job.run()).records) console.log(form, path);
 */
export interface FilmRecordsOptions {
  /** NDJSON file with what operators attached, one object a frame; `docs/schemas/metadata-1.json` describes it. */
  readonly metadata?: string | undefined;
  /** Files with the people or the text of the film, for other programs. */
  readonly exports?: readonly FilmExport[] | undefined;
}

/** A file with the people or the text of a film. */
export interface FilmExport {
  /**
   * `coco`: results of COCO's key point task. `bvh`: motion, a file a person. `srt`, `vtt`: text as subtitles. `csv`: a row a person and frame, or, where the graph
   * looks for text and not for people, a row a line of text.
   */
  readonly format: FilmExportFormat;
  /** Default: beside the output, or the input where nothing is encoded: `dance.coco.json`, `dance.csv`, `dance.bvh`, `dance.srt`. Of `dance.bvh` come `dance.person-1.bvh`, … */
  readonly path?: string | undefined;
}

/** A file that is written of a film besides its pictures. */
export interface RecordFile {
  readonly form: 'metadata' | FilmExportFormat;
  readonly path: string;
}

const endings: Readonly<Record<FilmExportFormat, string>> = {
  coco: '.coco.json',
  csv: '.csv',
  bvh: '.bvh',
  srt: '.srt',
  vtt: '.vtt',
};

/**
 * The files that are asked for, with their paths.
 *
 * @throws VitascopeError `OPTION_INVALID` when two files, or a file and a film, would be the same one.
 */
export function planRecords(
  { metadata, exports = [] }: FilmRecordsOptions,
  film: { readonly input: string; readonly output?: string | undefined },
): readonly RecordFile[] {
  const beside = film.output ?? film.input;
  const files: RecordFile[] = [
    ...(metadata === undefined ? [] : [{ form: 'metadata' as const, path: metadata }]),
    ...exports.map(({ format, path }) => ({ form: format, path: path ?? `${stemOf(beside)}${endings[format]}` })),
  ];
  const taken = new Map([film.input, ...(film.output === undefined ? [] : [film.output])].map((p) => [resolve(p), p]));
  for (const { path } of files) {
    const key = resolve(path);
    if (taken.has(key)) {
      throw new VitascopeError('OPTION_INVALID', `${path} would be two files at once; give each a path of its own`, {
        context: { path },
      });
    }
    taken.set(key, path);
  }
  return files;
}

/** `scan/dance` for `scan/dance.mp4`; `scan/scan` for the pictures `scan/%05d.png`. */
function stemOf(path: string): string {
  const name = basename(path, extname(path))
    .replace(/%0?\d*d/, '')
    .replace(/[-_. ]+$/, '');
  return join(dirname(path), name === '' ? basename(dirname(resolve(path))) : name);
}
