import { LineFile, type LineFileOptions } from '../../../streams/metadata/line-file.js';
import { subtitleCues } from './subtitle-cue.js';
import { csvLines, srtLines, vttLines } from './subtitle-lines.js';
import type { TextFrame } from './text-frame.js';
import { type TextSpan, TextSpans } from './text-span.js';

/** Forms that other programs load. */
export const textExportFormats = ['srt', 'vtt', 'csv'] as const;
/** One of {@link textExportFormats}. */
export type TextExportFormat = (typeof textExportFormats)[number];

const writers: Readonly<Record<TextExportFormat, (spans: readonly TextSpan[]) => readonly string[]>> = {
  srt: (spans) => srtLines(subtitleCues(spans)),
  vtt: (spans) => vttLines(subtitleCues(spans)),
  csv: csvLines,
};

/**
 * Writes the text of a film to a file of another form, when the film is over; up to then one entry for each line is kept in memory.
 *
 * - `srt`, `vtt`: subtitles. Lines that come and go together are one cue; where a line was translated, it is the translation.
 * - `csv`: one row a line of text, with times, translation and corners.
 */
export class TextExport {
  readonly #file: LineFile;
  readonly #format: TextExportFormat;
  readonly #spans = new TextSpans();

  private constructor(file: LineFile, format: TextExportFormat) {
    this.#file = file;
    this.#format = format;
  }

  /** @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  static async open(format: TextExportFormat, path: string, options: LineFileOptions = {}): Promise<TextExport> {
    return new TextExport(await LineFile.open(path, options), format);
  }

  /** Adds a frame. Frames come in order. */
  write(frame: TextFrame): void {
    this.#spans.add(frame);
  }

  /** Writes the file, and returns its path. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  async finish(): Promise<readonly string[]> {
    for (const line of writers[this.#format](this.#spans.finish())) await this.#file.write(line);
    return [await this.#file.finish()];
  }

  /** Ends early and leaves nothing. */
  discard(): Promise<void> {
    return this.#file.discard();
  }
}
