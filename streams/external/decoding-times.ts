/**
 * Makes decoding times for packets that come through a pipe without: the i-th packet is decoded when the picture `delay` places
 * earlier in order of display is shown, the usual rule of reordering decoders.
 */
export class DecodingTimes {
  /** Pictures that may be held back for reordering. Set before the first packet. */
  delay = 0;
  /** Times of pictures that no packet has been decoded at yet, in order of display. */
  readonly #shown: bigint[] = [];
  #packets = 0;
  #first = 0n;
  #last: bigint | undefined;

  /** Notes when the next picture that goes to the encoder is shown. */
  shown(ticks: bigint): void {
    if (this.#shown.length === 0 && this.#packets === 0) this.#first = ticks;
    this.#shown.push(ticks);
  }

  /** When the next packet is decoded, given when it is shown: never after that, and later than the one before. */
  next(pts: bigint): bigint {
    const index = this.#packets++;
    const ideal = index < this.delay ? this.#first - BigInt(this.delay - index) : (this.#shown.shift() ?? pts);
    const dts = ideal < pts ? ideal : pts;
    this.#last = this.#last !== undefined && dts <= this.#last ? this.#last + 1n : dts;
    return this.#last;
  }
}
