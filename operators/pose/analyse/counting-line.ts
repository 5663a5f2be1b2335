import { between, type Place } from './geometry.js';
import type { CrossingDirection } from './people-meta.js';

/** A line from one place to another; whoever looks along it sees pictures with y downwards. */
export class CountingLine {
  readonly #from: Place;
  readonly #along: Place;
  readonly #length: number;

  /** @param from and `to` differ. */
  constructor(from: Place, to: Place) {
    this.#from = from;
    this.#length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    this.#along = [(to[0] - from[0]) / this.#length, (to[1] - from[1]) / this.#length];
  }

  /** How far a place is to the right of the endless line; less than 0: to the left. */
  rightOf([x, y]: Place): number {
    return this.#along[0] * (y - this.#from[1]) - this.#along[1] * (x - this.#from[0]);
  }

  /** Whether the place beside which another one lies is on the line, not beyond its ends. */
  isBeside([x, y]: Place): boolean {
    const along = this.#along[0] * (x - this.#from[0]) + this.#along[1] * (y - this.#from[1]);
    return along >= 0 && along <= this.#length;
  }
}

/**
 * How one person moves with regard to one line. They have a side once they are farther from the line than the dead band, and have crossed when
 * they get the other one, having passed between the line's ends: not around them, and not by being there when they were seen first.
 */
export class LineSide {
  #side: 'left' | 'right' | undefined;
  #place: Place | undefined;
  /** Whether they passed the endless line between its ends the last time. */
  #passedBetweenEnds = false;

  /** @param deadBand In the unit of places. @returns the direction when a crossing is complete. */
  move(line: CountingLine, place: Place, deadBand: number): CrossingDirection | undefined {
    const right = line.rightOf(place);
    if (this.#place !== undefined) this.#pass(line, this.#place, place, right);
    this.#place = place;
    if (Math.abs(right) <= deadBand) return undefined;
    const before = this.#side;
    this.#side = right > 0 ? 'right' : 'left';
    if (before === undefined || before === this.#side || !this.#passedBetweenEnds) return undefined;
    return this.#side === 'right' ? 'in' : 'out';
  }

  #pass(line: CountingLine, from: Place, to: Place, right: number): void {
    const before = line.rightOf(from);
    if (before > 0 === right > 0) return;
    const share = before / (before - right);
    this.#passedBetweenEnds = line.isBeside(between(from, to, share));
  }
}
