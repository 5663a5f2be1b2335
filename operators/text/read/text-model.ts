import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { FramePool, shownPlace, storedPlace, type VideoFrame } from '../../../pipeline/index.js';
import { ModelClock } from '../../model-clock.js';
import { UprightView } from '../../upright-view.js';
import { mapQuad } from '../quad-math.js';
import type { TextQuad } from '../texts-meta.js';
import { type DirectionReader, joinColumns, readDirections } from './line-directions.js';
import type { LineAsRead, LineToRead } from './line-follower.js';
import type { ReadTextSettings } from './read-options.js';
import type { TextNetworks } from './text-networks.js';
import { legibleBoxes } from './text-sight.js';

/** What a model gave, and how long it ran, milliseconds. */
export interface Timed<Result> {
  readonly result: Result;
  readonly modelMs: number;
}

/** Pictures of stacked letters that may be there at once: looks are taken side by side. */
const STACKED_SLOTS = 4;

/** The networks of one run of the operator: opened before the first frame is looked at, given back by {@link close}. */
export class TextModel {
  readonly #open: (pool: AdapterPool) => Promise<TextNetworks>;
  readonly #pool: AdapterPool;
  readonly #settings: Pick<ReadTextSettings, 'maxLines' | 'longestSide' | 'beam'>;
  readonly #clock = new ModelClock();
  readonly #view = new UprightView('read-text');
  readonly #stacked = new FramePool({ slots: STACKED_SLOTS, name: 'stacked letters' });
  #networks: Promise<TextNetworks> | undefined;

  constructor(
    open: (pool: AdapterPool) => Promise<TextNetworks>,
    pool: AdapterPool,
    settings: Pick<ReadTextSettings, 'maxLines' | 'longestSide' | 'beam'>,
  ) {
    this.#open = open;
    this.#pool = pool;
    this.#settings = settings;
  }

  /** Opens the networks, as the first look would. @throws what opening them throws. */
  async open(): Promise<void> {
    await this.#opened();
  }

  /**
   * Places of the most legible lines in a frame, which stays the caller's. Letters one below the other are one line where they can be read so.
   *
   * @throws what opening the networks and running them throws.
   */
  detect(frame: VideoFrame, signal: AbortSignal): Promise<Timed<readonly TextQuad[]>> {
    const { maxLines, longestSide } = this.#settings;
    return this.#upright(frame, signal, async (upright, networks) => {
      const boxes = await networks.detector.detect(upright, { longestSide, signal });
      const legible = legibleBoxes(boxes, maxLines, upright).map(({ quad }) => quad);
      const lines = await joinColumns(upright, legible, this.#how(networks, signal));
      return lines.map((quad) => storedQuad(quad, frame));
    });
  }

  /** Reads lines in a frame, which stays the caller's. Those that are new are tried in other directions where they cannot be read else; see {@link readDirections}. */
  read(frame: VideoFrame, lines: readonly LineToRead[], signal: AbortSignal): Promise<Timed<readonly LineAsRead[]>> {
    if (lines.length === 0) return Promise.resolve({ result: [], modelMs: 0 });
    return this.#upright(frame, signal, async (upright, networks) => {
      const places = lines.map(({ line, quad }) => ({ quad: shownQuad(quad, frame), isNew: line === undefined }));
      const read = await readDirections(upright, places, this.#how(networks, signal));
      return lines.map(({ line, quad }, i) => {
        const { text = '', score = 0, quad: begun } = read[i] ?? {};
        return { line, quad: begun === undefined ? quad : storedQuad(begun, frame), text, score };
      });
    });
  }

  /** Runs that were asked for before still end. Never rejects: whoever looked has been told. */
  async close(): Promise<void> {
    this.#view.close();
    const networks = await this.#networks?.catch(() => undefined);
    await networks?.close().catch(() => undefined);
  }

  #how({ reader, margin }: TextNetworks, signal: AbortSignal): DirectionReader {
    return { reader, options: { beam: this.#settings.beam, margin, signal }, pool: this.#stacked };
  }

  #opened(): Promise<TextNetworks> {
    this.#networks ??= this.#open(this.#clock.timed(this.#pool));
    return this.#networks;
  }

  async #upright<Result>(
    frame: VideoFrame,
    signal: AbortSignal,
    work: (upright: VideoFrame, networks: TextNetworks) => Promise<Result>,
  ): Promise<Timed<Result>> {
    const networks = await this.#opened();
    signal.throwIfAborted();
    const upright = await this.#view.of(frame, signal);
    try {
      return await this.#clock.measure(() => work(upright.frame, networks));
    } finally {
      upright.close();
    }
  }
}

/** Corners in the picture as it is shown → as it is stored; turning keeps them clockwise and their order. */
function storedQuad(quad: TextQuad, frame: VideoFrame): TextQuad {
  return mapQuad(quad, (point) => storedPlace(point, frame, frame.rotation));
}

function shownQuad(quad: TextQuad, frame: VideoFrame): TextQuad {
  return mapQuad(quad, (point) => shownPlace(point, frame, frame.rotation));
}
