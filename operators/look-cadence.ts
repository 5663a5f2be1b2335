import { AdaptiveCadence, type VideoFrame } from '../pipeline/index.js';

/**
 * Decides on which frames an operator's network looks, by its option `every`: on every n-th and where it must; or, with `auto`, as often as the machine can
 * ({@link AdaptiveCadence}). Frames must come in order.
 */
export class LookCadence {
  readonly #every: number | 'auto';
  readonly #adaptive = new AdaptiveCadence();
  /** Number of the `every`-frame stretch of the last look. */
  #stretch: number | undefined;

  constructor(every: number | 'auto') {
    this.#every = every;
  }

  /**
   * Counted by the frame's number, so that a run that was resumed looks at the same frames.
   *
   * @param isFree The network has nothing to do, for `auto`.
   * @param isNeeded There is no earlier result that could be carried on, as after a cut.
   */
  looks({ index, crowding }: Pick<VideoFrame, 'index' | 'crowding'>, isFree: boolean, isNeeded: boolean): boolean {
    const stretch = this.#every === 'auto' ? 0 : Math.floor(index / this.#every);
    const isDue = isNeeded || stretch !== this.#stretch;
    this.#stretch = stretch;
    return this.#every === 'auto' ? this.#adaptive.looks(crowding, isFree, isDue) : isDue;
  }

  /** There is no earlier result any more: the next frame is looked at. */
  forget(): void {
    this.#stretch = undefined;
  }
}
