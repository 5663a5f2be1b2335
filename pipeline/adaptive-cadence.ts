/** Share of the pool that may be in use before looking costs pictures. */
const CROWDED = 0.5;
/** Below it there is time to spare. */
const ROOMY = 0.25;
/** Frames with time to spare after which looks come twice as often. */
const PATIENCE = 15;
/** The longest way from one look to the next, frames. */
const LONGEST = 64;

/**
 * Decides for an operator whose model is slower than the pictures come on which of them it looks: as often as the machine can, and less often as soon as
 * pictures queue up, so that the frame rate stays and the results get older. It doubles the distance between looks when the live input's pool fills, and halves it
 * when there has been room for a while.
 *
 * @see Chiu and Jain, Analysis of the Increase and Decrease Algorithms for Congestion Avoidance, 1989
 */
export class AdaptiveCadence {
  #distance = 1;
  #sinceLook = LONGEST;
  #sinceChange = 0;
  #roomy = 0;

  /** Frames from one look to the next, at least. */
  get distance(): number {
    return this.#distance;
  }

  /**
   * Called for each frame in order.
   *
   * @param crowding Of the frame, see `VideoFrame.crowding`.
   * @param isFree The model has nothing to do.
   * @param isNeeded There is no earlier result that could be carried on.
   */
  looks(crowding: number, isFree: boolean, isNeeded: boolean): boolean {
    this.#adapt(crowding);
    this.#sinceLook++;
    const isDue = this.#sinceLook >= this.#distance && (crowding <= CROWDED || this.#sinceLook >= LONGEST);
    if (!isNeeded && !(isFree && isDue)) return false;
    this.#sinceLook = 0;
    return true;
  }

  #adapt(crowding: number): void {
    this.#sinceChange++;
    this.#roomy = crowding <= ROOMY ? this.#roomy + 1 : 0;
    // What was decided before must have had time to work.
    if (crowding > CROWDED && this.#sinceChange >= this.#distance) this.#change(Math.min(LONGEST, this.#distance * 2));
    else if (this.#roomy >= PATIENCE && this.#distance > 1) this.#change(this.#distance / 2);
  }

  #change(distance: number): void {
    this.#distance = distance;
    this.#sinceChange = 0;
    this.#roomy = 0;
  }
}
