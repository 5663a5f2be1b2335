import { coco17 } from '../../models/adapters/pose/coco-17.js';
import { type Microseconds, type PictureSize, shownSize, type VideoSample } from '../../pipeline/index.js';
import type { FinishedPiece } from '../../streams/file/piece.js';
import type { FrameLines } from '../../streams/file/piece-lines.js';
import { type FrameMetadata, METADATA_SCHEMA, metadataLine } from '../../streams/metadata/metadata-file.js';
import { hasIdentities, Identities } from './identities.js';
import { frameLines, type PieceHeader, pieceHeader } from './piece-records.js';
import { sourceMetadata } from './source-metadata.js';
import { Totals } from './totals.js';

/** What other results mean by the id of somebody. */
const PEOPLE = 'poses';
/** What holds totals. */
const COUNTED = 'people';

/** Options of {@link FrameRecords}. */
export interface FrameRecordsOptions {
  /** Size of the source's pictures as its container has it; the pictures that come know better. */
  readonly size: PictureSize;
  /** Degrees clockwise by which the source is turned to be shown: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Keys that the graph may attach. */
  readonly keys: ReadonlySet<string>;
  /** Keys that are kept. Default: all that are attached. */
  readonly kept?: ReadonlySet<string> | undefined;
}

/** What operators attached to the frames of a film, as lines of JSON with places in pixels of the source as it is shown. */
export class FrameRecords implements FrameLines {
  readonly #options: FrameRecordsOptions;
  readonly #identities = new Map<string, Identities>();
  readonly #totals = new Totals();
  /** What an earlier run found in the pictures that this one sees again, by their times. */
  readonly #seenBefore = new Map<Microseconds, FrameMetadata>();
  #source: PictureSize | undefined;
  #next = 0;
  #doneUs = Number.NEGATIVE_INFINITY;

  constructor(options: FrameRecordsOptions) {
    this.#options = options;
  }

  /** Goes on after the pieces of an earlier run. @param warmupFromUs The first picture that is seen again. */
  async resume(folder: string, pieces: readonly FinishedPiece[], warmupFromUs: Microseconds): Promise<void> {
    const last = pieces.at(-1);
    if (last === undefined) return;
    this.#next = pieces.reduce((sum, { frames }) => sum + frames, 0);
    this.#doneUs = last.untilUs;
    const { lastIds = {} } = await pieceHeader(folder, last);
    for (const [key, id] of Object.entries(lastIds)) this.#identitiesOf(key).resume(id);
    const again = pieces.filter(({ untilUs, index }) => untilUs > warmupFromUs || index === last.index);
    for await (const line of frameLines(folder, again)) {
      const record = JSON.parse(line) as FrameMetadata;
      for (const [key, value] of Object.entries(record)) {
        if (hasIdentities(value)) this.#identitiesOf(key).resume(highestIn(value));
      }
      if (record.ptsUs >= warmupFromUs) this.#seenBefore.set(record.ptsUs, record);
    }
  }

  /** Looks at a picture of the source, which is borrowed. */
  sawSource({ frame: { width, height } }: VideoSample): void {
    this.#source ??= { width, height };
  }

  /** Looks at a picture that leaves the graph, which is borrowed: of those that are done, whom this run takes for whom. */
  sawResult(sample: VideoSample): void {
    const before = sample.frame.ptsUs < this.#doneUs ? this.#seenBefore.get(sample.frame.ptsUs) : undefined;
    if (before === undefined) return;
    for (const [key, value] of Object.entries(this.#attached(sample))) {
      const old = before[key];
      if (Array.isArray(old) && hasIdentities(value)) this.#identitiesOf(key).compare(old, value);
      if (key === COUNTED) this.#totals.compare(old, value);
    }
  }

  header(): string {
    const { rotation, keys } = this.#options;
    const size = shownSize(this.#sourceSize, rotation);
    const lastIds = Object.fromEntries([...this.#identities].map(([key, { highest }]) => [key, highest]));
    const keypoints = keys.has(PEOPLE) ? coco17 : undefined;
    const header = { schema: METADATA_SCHEMA, ...size, keypoints, lastIds } satisfies PieceHeader & { schema: string };
    return JSON.stringify(header);
  }

  line(sample: VideoSample): string {
    const found = Object.entries(this.#attached(sample))
      .filter(([key]) => key !== 'frame' && key !== 'ptsUs')
      .map(([key, value]) => [key, this.#renamed(key, value)]);
    return metadataLine({ frame: this.#next++, ptsUs: sample.frame.ptsUs, ...Object.fromEntries(found) });
  }

  /** People come first in what is attached, so that they are known by their new ids to whatever mentions them. */
  #renamed(key: string, value: unknown): unknown {
    if (hasIdentities(value)) return this.#identitiesOf(key).rename(value);
    const renamed = this.#identitiesOf(PEOPLE).renameMentions(value);
    return key === COUNTED ? this.#totals.add(renamed) : renamed;
  }

  get #sourceSize(): PictureSize {
    return this.#source ?? this.#options.size;
  }

  /** What is attached, in pixels of the source. */
  #attached(sample: VideoSample): Readonly<Record<string, unknown>> {
    const { rotation, kept } = this.#options;
    const attached = sourceMetadata(sample, this.#sourceSize, rotation) ?? {};
    return kept === undefined
      ? attached
      : Object.fromEntries(Object.entries(attached).filter(([key]) => kept.has(key)));
  }

  #identitiesOf(key: string): Identities {
    const known = this.#identities.get(key) ?? new Identities();
    this.#identities.set(key, known);
    return known;
  }
}

function highestIn(things: readonly unknown[]): number {
  return Math.max(0, ...things.map((thing) => (thing as { id?: number } | null)?.id ?? 0));
}
