import type { FoleyNetworks } from '../../../models/adapters/foley/open-foley-networks.js';
import type { StepOutputs } from '../../../models/adapters/foley/step-network.js';
import type { StepPicture } from '../../../models/adapters/foley/step-picture.js';
import type { Microseconds } from '../../../pipeline/index.js';
import type { SoundCue } from '../cues.js';
import { BedWatcher, SECOND_LOOK } from './bed-watcher.js';
import { impactCue } from './impact-cue.js';
import { MaterialMemory } from './material-memory.js';
import { OnsetPicker, thresholdFor } from './onset-picker.js';
import type { StepGrid } from './step-grid.js';
import { StepRelay } from './step-relay.js';

/** Steps around a cut in which no impact counts: that everything moves is no blow. */
const CUT_STEPS = 1;
/** Steps that {@link OnsetPicker} needs to know a peak. */
const PICKER_STEPS = 1;

/** What is on the screen at a step. */
export interface ShownPicture {
  readonly picture: StepPicture;
  /** Since when, or the time of the step where it has been shown at an earlier one already. */
  readonly atUs: Microseconds;
}

interface SeenStep extends ShownPicture {
  readonly step: number;
}

/** Steps between a step and the one whose cues are known then. */
export function lookAheadOf({ step }: Pick<FoleyNetworks, 'step'>): number {
  return step.parameters.lookAheadSteps + PICKER_STEPS;
}

/** Turns an unbroken run of steps into cues. */
export class StepWatcher {
  readonly #networks: FoleyNetworks;
  readonly #grid: StepGrid;
  readonly #relay: StepRelay;
  readonly #picker: OnsetPicker;
  readonly #beds: BedWatcher;
  readonly #materials = new MaterialMemory();
  readonly #kept: number;
  /** First steps of shots, of late. */
  #cuts: number[] = [];
  /** The last steps, in order. */
  readonly #seen: SeenStep[] = [];
  /** What was said of the last two steps of which something has been said. */
  #said: StepOutputs | undefined;
  #first: number | undefined;

  /** @param sensitivity 0–1. */
  constructor(networks: FoleyNetworks, grid: StepGrid, sensitivity: number) {
    const { parameters } = networks.step;
    this.#networks = networks;
    this.#grid = grid;
    this.#relay = new StepRelay(networks.step);
    this.#picker = new OnsetPicker(thresholdFor(parameters.onsetThreshold, sensitivity));
    this.#beds = new BedWatcher(parameters.beds);
    this.#kept = lookAheadOf(networks) + 1 + Math.max(0, ...parameters.lookMoments.map((moment) => -moment));
  }

  /** A shot begins with this step, which has not been taken yet. */
  cut(step: number): void {
    if (!this.#cuts.includes(step)) this.#cuts.push(step);
  }

  /**
   * Takes the next step. Steps follow one another without a hole; the first one begins a shot.
   *
   * @returns Cues of the step {@link lookAheadOf} steps before.
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  async take(step: number, shown: ShownPicture, signal: AbortSignal): Promise<readonly SoundCue[]> {
    if (this.#first === undefined) this.cut(step);
    this.#first ??= step;
    const said = await this.#relay.step(step, shown.picture, signal);
    this.#seen.push({ step, ...shown });
    if (this.#seen.length > this.#kept) this.#seen.shift();
    const about = step - this.#networks.step.parameters.lookAheadSteps;
    if (about < this.#first) return [];
    if (this.#cuts.includes(about)) this.#beds.cut();
    this.#beds.push(said.beds);
    const isOnset = this.#picker.push(said.onset);
    const before = this.#said;
    this.#said = said;
    return before === undefined ? [] : this.#cuesOf(about - PICKER_STEPS, before, isOnset, signal);
  }

  async #cuesOf(step: number, said: StepOutputs, isOnset: boolean, signal: AbortSignal): Promise<SoundCue[]> {
    const cues = this.#placeCues(step);
    const isAtCut = this.#cuts.some((cut) => Math.abs(step - cut) <= CUT_STEPS);
    if (this.#cuts.includes(step)) this.#materials.cut();
    this.#cuts = this.#cuts.filter((cut) => cut > step - SECOND_LOOK);
    if (isOnset && !isAtCut) cues.push(await this.#impact(step, said, signal));
    return cues;
  }

  #placeCues(step: number): SoundCue[] {
    const isCut = this.#cuts.includes(step);
    const isCorrected = this.#cuts.includes(step - SECOND_LOOK);
    if (!isCut && !isCorrected && !this.#beds.isTime(step)) return [];
    const guess = this.#beds.guess();
    const { atUs } = this.#at(step);
    const beds = this.#beds.tell(guess, isCut).map((level): SoundCue => ({ kind: 'bed', atUs, ...level }));
    return isCut ? [{ kind: 'cut', atUs, room: guess.room }, ...beds] : beds;
  }

  async #impact(step: number, said: StepOutputs, signal: AbortSignal): Promise<SoundCue> {
    const { step: network, look } = this.#networks;
    const pictures = network.parameters.lookMoments.map((moment) => this.#at(step + moment).picture);
    const seen = { ...said, ...(await look?.look(pictures, said.position, signal)) };
    const material = this.#materials.recall({ step, position: seen.position, material: seen.material });
    const offset = Math.min(0.5, Math.max(-0.5, said.offset || 0));
    // When the step is, as the network has learned, not when the picture came: that may be a while ago. A picture may come a little after its step.
    const whenUs = Math.max(this.#grid.timeOf(step), this.#at(step).atUs);
    const atUs = Math.round(whenUs + this.#grid.lengthOf(offset));
    return impactCue(atUs, { ...seen, material }, network.parameters);
  }

  /** What was seen at a step, or at the nearest one that is remembered. */
  #at(step: number): SeenStep {
    const oldest = this.#seen[0] as SeenStep;
    return this.#seen[Math.min(this.#seen.length - 1, Math.max(0, step - oldest.step))] as SeenStep;
  }
}
