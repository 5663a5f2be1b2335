import { coco17 } from '../models/adapters/pose/coco-17.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { type Microseconds, type PictureSize, VitascopeError } from '../pipeline/index.js';
import { LineFile } from '../streams/metadata/line-file.js';
import { headerLine, metadataLine } from '../streams/metadata/metadata-file.js';
import { attachedKeys, checkAttaches } from './film-records/attached-keys.js';

/** Lines that may wait for a disk that is busy; later ones are left out until it is free, since live pictures do not wait. */
const MAX_WAITING = 500;

/** Options of {@link LiveMetadataFile.open}. */
export interface LiveMetadataFileOptions {
  /** Of the stream. */
  readonly graph: Graph;
  /** Hears once when lines cannot be written any more; the stream goes on. */
  readonly onFailure?: ((error: VitascopeError) => void) | undefined;
}

/**
 * What the operators of a live stream find, as newline-delimited JSON of the form of `docs/schemas/metadata-1.json`. Each line is written as it comes, to
 * `cam.partial.ndjson` for `cam.ndjson`, which gets its name at the end. `frame` counts the pictures that left the graph.
 *
 * @example
 * const file = await LiveMetadataFile.open('cam.ndjson', { graph });
 * const stream = await LiveStream.open({ input, graph, outputs, onMetadata: file.add });
 * await stream.run();
 * await file.finish();
 */
export class LiveMetadataFile {
  readonly #lines: LineFile;
  readonly #options: LiveMetadataFileOptions;
  #frame = 0;
  #waiting = 0;
  #leftOut = 0;
  #failed = false;

  private constructor(lines: LineFile, options: LiveMetadataFileOptions) {
    this.#lines = lines;
    this.#options = options;
  }

  /** @throws VitascopeError `GRAPH_TYPE` for a graph that attaches nothing, `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  static async open(path: string, options: LiveMetadataFileOptions): Promise<LiveMetadataFile> {
    await checkAttaches(options.graph, [{ form: 'metadata', path }]);
    return new LiveMetadataFile(await LineFile.open(path, { prompt: true }), options);
  }

  /** Lines that were left out because the disk was busy. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** For `onMetadata` of a live stream. */
  readonly add = (ptsUs: Microseconds, meta: Readonly<Record<string, unknown>>, source: PictureSize): void => {
    if (this.#frame === 0) this.#write(headerLine({ ...source, keypoints: this.#keypoints }));
    const frame = this.#frame++;
    if (this.#failed) return;
    if (this.#waiting >= MAX_WAITING) this.#leftOut++;
    else this.#write(metadataLine({ frame, ptsUs, ...meta }));
  };

  /**
   * Gives the file its name, and returns that. A file without lines is removed; one that could not be written to its end keeps its partial name.
   *
   * @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`
   */
  async finish(): Promise<string | undefined> {
    if (this.#failed) {
      await this.#lines.stop().catch(() => {});
      return undefined;
    }
    if (this.#frame > 0) return await this.#lines.finish();
    await this.#lines.discard();
    return undefined;
  }

  get #keypoints(): readonly string[] | undefined {
    return attachedKeys(this.#options.graph).has('poses') ? coco17 : undefined;
  }

  #write(line: string): void {
    this.#waiting++;
    void this.#lines.write(line).then(
      () => {
        this.#waiting--;
      },
      (error: unknown) => {
        this.#waiting--;
        if (this.#failed || !(error instanceof VitascopeError)) return;
        this.#failed = true;
        this.#options.onFailure?.(error);
      },
    );
  }
}
