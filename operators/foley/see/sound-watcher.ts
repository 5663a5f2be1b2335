import type { FoleyNetworks } from '../../../models/adapters/foley/open-foley-networks.js';
import type { StepPicture } from '../../../models/adapters/foley/step-picture.js';
import {
  attach,
  type FrameTransform,
  type Microseconds,
  reportCadence,
  reportCount,
  reportModelMs,
  type VideoSample,
} from '../../../pipeline/index.js';
import type { SoundCue, SoundsMeta } from '../cues.js';
import type { FoleyModel } from './foley-model.js';
import type { SeenSample } from './see-picture.js';
import { StepGrid } from './step-grid.js';
import { lookAheadOf, StepWatcher } from './step-watcher.js';

/** Frames that are held at most until what sounds in them is known: enough at 60 a second. Those of faster sources go earlier, and later ones carry their cues. */
export const MOST_HELD = 12;
/** Pictures further apart than this do not continue each other. */
const LONGEST_GAP_US: Microseconds = 1_000_000;
/** What the operator counts. */
export const IMPACTS_FIGURE = 'foley_impacts_total';

interface HeldFrame<Meta extends object> {
  readonly sample: SeenSample<Meta>;
  readonly cues: SoundCue[];
  picture: StepPicture | undefined;
  modelMs: number;
  /** Steps at which it was on the screen. */
  shown: number;
  isGone: boolean;
}

/** An unbroken run of pictures. */
interface Run<Meta extends object> {
  readonly networks: FoleyNetworks;
  readonly grid: StepGrid;
  readonly watcher: StepWatcher;
  readonly lookAhead: number;
  next: number;
  /** What was on the screen at steps whose cues are not known. */
  readonly pending: HeldFrame<Meta>[];
  last: HeldFrame<Meta>;
}

/** Second stage, strictly in order: shows the network what is on the screen at each step, and attaches cues to the frames during which they sound. */
export class SoundWatcher<Meta extends object>
  implements FrameTransform<SeenSample<Meta>, VideoSample<Meta & SoundsMeta>>
{
  readonly #model: FoleyModel;
  readonly #sensitivity: number;
  readonly #held: HeldFrame<Meta>[] = [];
  #run: Run<Meta> | undefined;

  /** @param sensitivity 0–1. */
  constructor(model: FoleyModel, sensitivity: number) {
    this.#model = model;
    this.#sensitivity = sensitivity;
  }

  async transform(
    sample: SeenSample<Meta>,
    emit: (sample: VideoSample<Meta & SoundsMeta>) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { isFirstOfShot, firstStep } = sample;
    const { ptsUs } = sample.frame;
    const lastUs = this.#run?.last.sample.frame.ptsUs;
    const frame = this.#hold(sample);
    if (lastUs !== undefined && (ptsUs < lastUs || ptsUs - lastUs > LONGEST_GAP_US)) {
      await this.#end(signal);
      while (this.#held.length > 1) this.#release(emit);
    }
    this.#run ??= await this.#begin(frame);
    const run = this.#run;
    if (isFirstOfShot) run.watcher.cut(firstStep);
    while (run.next < firstStep) await this.#step(run, run.last, signal);
    run.last = frame;
    // Whatever comes next, this one is on the screen at a step that coincides with it.
    if (run.next === firstStep && run.grid.isAt(run.next, ptsUs)) await this.#step(run, frame, signal);
    while (this.#held.length >= MOST_HELD || this.#isKnown(run)) this.#release(emit);
  }

  async flush(emit: (sample: VideoSample<Meta & SoundsMeta>) => void, signal: AbortSignal): Promise<void> {
    await this.#end(signal);
    while (this.#held.length > 0) this.#release(emit);
  }

  dispose(): void {
    for (const { sample } of this.#held.splice(0)) sample.frame.close();
  }

  #hold(sample: SeenSample<Meta>): HeldFrame<Meta> {
    const { picture, modelMs } = sample;
    const held = { sample, cues: [], picture, modelMs, shown: 0, isGone: false };
    this.#held.push(held);
    return held;
  }

  async #begin(last: HeldFrame<Meta>): Promise<Run<Meta>> {
    const networks = await this.#model.networks();
    const grid = new StepGrid(networks.step.parameters.stepsPerSecond);
    const watcher = new StepWatcher(networks, grid, this.#sensitivity);
    return {
      networks,
      grid,
      watcher,
      lookAhead: lookAheadOf(networks),
      next: last.sample.firstStep,
      pending: [],
      last,
    };
  }

  /** The last picture stands for as many steps as the network looks ahead. */
  async #end(signal: AbortSignal): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return;
    const steps = run.last.sample.firstStep + run.lookAhead;
    while (run.next <= steps) await this.#step(run, run.last, signal);
  }

  async #step(run: Run<Meta>, frame: HeldFrame<Meta>, signal: AbortSignal): Promise<void> {
    const { ptsUs } = frame.sample.frame;
    const step = run.next++;
    const atUs = frame.shown === 0 ? ptsUs : run.grid.timeOf(step);
    frame.shown++;
    run.pending.push(frame);
    const { result, modelMs } = await this.#model.clock.measure(async () => {
      frame.picture ??= await run.networks.step.see(frame.sample.frame, signal);
      return run.watcher.take(step, { picture: frame.picture, atUs }, signal);
    });
    frame.modelMs += modelMs;
    if (run.pending.length <= run.lookAhead) return;
    const meant = run.pending.shift();
    const carrier = meant === undefined || meant.isGone ? this.#held[0] : meant;
    carrier?.cues.push(...result);
  }

  /** True when nothing more can be found that sounds in the oldest frame. */
  #isKnown({ next, lookAhead }: Run<Meta>): boolean {
    const following = this.#held[1];
    return following !== undefined && next - lookAhead >= following.sample.firstStep;
  }

  #release(emit: (sample: VideoSample<Meta & SoundsMeta>) => void): void {
    const frame = this.#held.shift();
    if (frame === undefined) return;
    frame.isGone = true;
    const { sample, cues, modelMs, shown } = frame;
    const { received } = sample;
    if (modelMs > 0) reportModelMs(received, modelMs);
    reportCadence(received, shown > 0);
    for (const cue of cues) if (cue.kind === 'impact') reportCount(received, IMPACTS_FIGURE, { action: cue.action });
    emit(attach(received, { sounds: cues }));
  }
}
