import type { VideoFrame } from '../../../pipeline/index.js';
import { LookCadence } from '../../look-cadence.js';
import type { LineFollower } from './line-follower.js';
import type { LumaPicture } from './luma-picture.js';
import { type LookTarget, lookAtText, type TextLook } from './text-look.js';
import type { TextModel } from './text-model.js';

/** Between two looks there is as much time as the first took, milliseconds at most: networks that were always busy would take the processors from what pictures wait for. */
const LONGEST_REST_MS = 150;

/** Looks that no frame waits for: one after the other, as often as the machine can, with a rest between them. */
export class LookAside {
  readonly #model: TextModel;
  readonly #cadence = new LookCadence('auto');
  #abort = new AbortController();
  #isBusy = false;
  #restsUntilMs = 0;
  #done: TextLook | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(model: TextModel) {
    this.#model = model;
  }

  /** Whether a look at this frame is due; asked once a frame, in order. */
  isDue(frame: VideoFrame, isFirstOfShot: boolean): boolean {
    // What is under way cannot be hurried, so that a cut has to wait for it.
    const hasRested = performance.now() >= this.#restsUntilMs;
    return this.#cadence.looks(frame, !this.#isBusy && hasRested, isFirstOfShot && !this.#isBusy) && !this.#isBusy;
  }

  /** Begins a look. Frame and picture are held on to until it is done. */
  begin(target: LookTarget, follower: LineFollower): void {
    this.#isBusy = true;
    const begunMs = performance.now();
    const { signal } = this.#abort;
    const [frame, picture] = [target.frame.retain(), target.picture.retain()];
    lookAtText(target, this.#model, follower, signal)
      .then((look) => this.#arrive(look, picture, signal))
      .catch((error: unknown) => {
        picture.close();
        if (!signal.aborted) this.#failure = { error };
      })
      .finally(() => {
        frame.close();
        this.#isBusy = false;
        const nowMs = performance.now();
        this.#restsUntilMs = signal.aborted ? nowMs : nowMs + Math.min(LONGEST_REST_MS, nowMs - begunMs);
      });
  }

  /** The look that was done since this was called last; its picture is the caller's then. @throws what the look failed with. */
  take(): TextLook | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    const look = this.#done;
    this.#done = undefined;
    return look;
  }

  /** What is under way, or waits to be taken, is about a shot that is over. */
  forget(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#restsUntilMs = 0;
    this.#done?.picture.close();
    this.#done = undefined;
  }

  #arrive(look: TextLook, picture: LumaPicture, signal: AbortSignal): void {
    if (signal.aborted) picture.close();
    else this.#done = look;
  }
}
