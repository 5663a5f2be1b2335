import { LineFile, type LineFileOptions } from './line-file.js';

/** Name and version of the form; `docs/schemas/metadata-1.json` describes it. It changes when readers of the old one would go wrong. */
export const METADATA_SCHEMA = 'vitascope-metadata-1';

/** What holds for all frames. */
export interface MetadataHeader {
  /** Size of the pictures that coordinates refer to: of the source after rotation, pixels. */
  readonly width: number;
  readonly height: number;
  /** Names of key points in the order that poses have them. */
  readonly keypoints?: readonly string[] | undefined;
}

/** What operators have attached to a frame, under their own keys: plain JSON. */
export interface FrameMetadata {
  /** Number of the picture, from 0, counted from the beginning of the part that was processed. */
  readonly frame: number;
  /** Microseconds on the source's timeline. */
  readonly ptsUs: number;
  readonly [key: string]: unknown;
}

/**
 * Metadata of a film as newline-delimited JSON: a header, then one object a frame. Numbers have at most three decimals. It appears under its name when it is
 * finished; see {@link LineFile} for what is there before.
 *
 * @example
 * const file = await MetadataFile.open('dance.ndjson', { width: 1280, height: 720, keypoints: coco17 });
 * await file.write({ frame: 0, ptsUs: 0, poses: [] });
 * await file.finish();
 */
export class MetadataFile {
  readonly #lines: LineFile;

  private constructor(lines: LineFile) {
    this.#lines = lines;
  }

  /** Begins a file. @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  static async open(path: string, header: MetadataHeader, options: LineFileOptions = {}): Promise<MetadataFile> {
    const lines = await LineFile.open(path, options);
    await lines.write(headerLine(header));
    return new MetadataFile(lines);
  }

  /** Adds a frame; whoever waits for it keeps memory bounded. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  write(frame: FrameMetadata): Promise<void> {
    return this.#lines.write(metadataLine(frame));
  }

  /** Gives the file its name, and returns it. @throws as {@link write}. */
  finish(): Promise<string> {
    return this.#lines.finish();
  }

  /** Ends early, and leaves whole lines under the partial name, which is returned. @throws as {@link write}. */
  stop(): Promise<string> {
    return this.#lines.stop();
  }

  /** Ends early and leaves nothing. */
  discard(): Promise<void> {
    return this.#lines.discard();
  }
}

/** The first line. */
export function headerLine({ width, height, keypoints }: MetadataHeader): string {
  return JSON.stringify({ schema: METADATA_SCHEMA, width, height, timeBase: 'us', keypoints });
}

/** The line of a frame. */
export function metadataLine(frame: FrameMetadata): string {
  return JSON.stringify(frame, (_key, value: unknown) => (typeof value === 'number' ? rounded(value) : value));
}

/** To three decimals: finer than any network is. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Math.round(value * 1000) / 1000;
}
