import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { lyingQuad, turnedQuad } from '../../../models/adapters/text/quad.js';
import { shownPlace, storedPlace, type VideoFrame } from '../../../pipeline/index.js';
import { ModelClock } from '../../model-clock.js';
import { UprightView } from '../../upright-view.js';
import type { TextQuad } from '../texts-meta.js';
import type { LineAsRead, LineToRead } from './line-follower.js';
import { mapQuad } from './quad-math.js';
import type { ReadTextSettings } from './read-options.js';
import type { TextNetworks } from './text-networks.js';
import { legibleBoxes } from './text-sight.js';

/** What a model gave, and how long it ran, milliseconds. */
export interface Timed<Result> {
  readonly result: Result;
  readonly modelMs: number;
}

/** Lines that were read worse than this may stand on their heads. */
const DOUBTFUL = 0.6;
/** How much better they must be read the other way round. */
const CLEARLY = 0.1;

/** The networks of one run of the operator: opened when the first frame is looked at, given back by {@link close}. */
export class TextModel {
  readonly #open: (pool: AdapterPool) => Promise<TextNetworks>;
  readonly #pool: AdapterPool;
  readonly #settings: Pick<ReadTextSettings, 'maxLines' | 'longestSide' | 'beam'>;
  readonly #clock = new ModelClock();
  readonly #view = new UprightView('read-text');
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

  /** Places of the most legible lines in a frame, which stays the caller's. @throws what opening the networks and running them throws. */
  detect(frame: VideoFrame, signal: AbortSignal): Promise<Timed<readonly TextQuad[]>> {
    const { maxLines, longestSide } = this.#settings;
    return this.#upright(frame, signal, async (upright, { detector }) => {
      const boxes = await detector.detect(upright, { longestSide, signal });
      return legibleBoxes(boxes, maxLines, upright).map(({ quad }) => storedQuad(lyingQuad(quad), frame));
    });
  }

  /** Reads lines in a frame, which stays the caller's. Lines that are new are tried upside down where they cannot be read else. */
  read(frame: VideoFrame, lines: readonly LineToRead[], signal: AbortSignal): Promise<Timed<readonly LineAsRead[]>> {
    if (lines.length === 0) return Promise.resolve({ result: [], modelMs: 0 });
    return this.#upright(frame, signal, async (upright, networks) => {
      const read = await this.#readAll(upright, lines, frame, networks, signal);
      const doubtful = read.filter(({ line, score }) => line === undefined && score < DOUBTFUL);
      if (doubtful.length === 0) return read;
      const turned = doubtful.map(({ line, quad }) => ({ line, quad: turnedQuad(quad) }));
      const again = await this.#readAll(upright, turned, frame, networks, signal);
      return read.map((line) => {
        const other = again[doubtful.indexOf(line)];
        return other !== undefined && other.score > line.score + CLEARLY ? other : line;
      });
    });
  }

  /** Runs that were asked for before still end. Never rejects: whoever looked has been told. */
  async close(): Promise<void> {
    this.#view.close();
    const networks = await this.#networks?.catch(() => undefined);
    await networks?.close().catch(() => undefined);
  }

  async #readAll(
    upright: VideoFrame,
    lines: readonly LineToRead[],
    frame: VideoFrame,
    { reader, margin }: TextNetworks,
    signal: AbortSignal,
  ): Promise<readonly LineAsRead[]> {
    const { beam } = this.#settings;
    const quads = lines.map(({ quad }) => shownQuad(quad, frame));
    const read = await reader.read(upright, quads, { beam, margin, signal });
    return lines.map(({ line, quad }, i) => ({ line, quad, text: read[i]?.text ?? '', score: read[i]?.score ?? 0 }));
  }

  async #upright<Result>(
    frame: VideoFrame,
    signal: AbortSignal,
    work: (upright: VideoFrame, networks: TextNetworks) => Promise<Result>,
  ): Promise<Timed<Result>> {
    this.#networks ??= this.#open(this.#clock.timed(this.#pool));
    const networks = await this.#networks;
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
