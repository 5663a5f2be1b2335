import type { AdapterPool } from '../../../models/adapters/adapter.js';
import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import type { VideoFrame } from '../../../pipeline/index.js';
import { ModelClock } from '../../model-clock.js';
import { UprightView } from '../../upright-view.js';
import type { Appearance } from '../track/appearance.js';
import type { PoseNetworks } from './pose-choice.js';
import { storedPerson } from './stored-person.js';

/** What a look at a frame gave. */
export interface Sight {
  readonly people: readonly PersonPose[];
  /** One for each of them, where looks are compared. */
  readonly appearances: readonly Appearance[] | undefined;
  /** Milliseconds in models. */
  readonly modelMs: number;
}

/** How the network looks. */
export interface SightLimits {
  readonly maxPeople: number;
  readonly score?: number | undefined;
}

/** The networks of one run of the operator: opened with the first look, given back by {@link close}. */
export class PoseModel {
  readonly #open: (pool: AdapterPool) => Promise<PoseNetworks>;
  readonly #pool: AdapterPool;
  readonly #limits: SightLimits;
  readonly #clock = new ModelClock();
  readonly #view = new UprightView('estimate-pose');
  #networks: Promise<PoseNetworks> | undefined;

  constructor(
    open: (pool: AdapterPool) => Promise<PoseNetworks>,
    pool: AdapterPool,
    { maxPeople, score }: SightLimits,
  ) {
    this.#open = open;
    this.#pool = pool;
    this.#limits = { maxPeople, score };
  }

  /** The people in a frame, which stays the caller's. @throws what opening the networks and running them throws. */
  async look(frame: VideoFrame, signal: AbortSignal): Promise<Sight> {
    this.#networks ??= this.#open(this.#clock.timed(this.#pool));
    const networks = await this.#networks;
    signal.throwIfAborted();
    const upright = await this.#view.of(frame, signal);
    try {
      const { result, modelMs } = await this.#clock.measure(() => this.#see(upright.frame, networks, signal));
      const people = frame.rotation === 0 ? result.people : result.people.map((person) => storedPerson(person, frame));
      return { ...result, people, modelMs };
    } finally {
      upright.close();
    }
  }

  /** Runs that were asked for before still end. Never rejects: whoever looked has been told. */
  async close(): Promise<void> {
    this.#view.close();
    const networks = await this.#networks?.catch(() => undefined);
    await networks?.close().catch(() => undefined);
  }

  async #see(
    frame: VideoFrame,
    { estimator, embedder }: PoseNetworks,
    signal: AbortSignal,
  ): Promise<Omit<Sight, 'modelMs'>> {
    const people = await estimator.estimate(frame, { ...this.#limits, signal });
    if (embedder === undefined || people.length === 0) return { people, appearances: undefined };
    const boxes = people.map(({ box }) => box);
    return { people, appearances: await embedder.embed(frame, boxes, { signal }) };
  }
}
