/** H.264 and HEVC hold back at most as many pictures; what encoders say of themselves is often 0 before they have begun. */
const MAX_REORDERING = 16;

/**
 * Makes decoding times for packets that come through a pipe without: the i-th packet is decoded when the picture {@link MAX_REORDERING} places
 * earlier in order of display is shown, so that no picture is shown before it is decoded.
 */
export class DecodingTimes {
  /** Times of pictures that no packet has been decoded at yet, in order of display. */
  readonly #shown: bigint[] = [];
  #first: bigint | undefined;
  #packets = 0;

  /** Notes when the next picture that goes to the encoder is shown. */
  shown(ticks: bigint): void {
    this.#first ??= ticks;
    this.#shown.push(ticks);
  }

  /** When the next packet is decoded: later than the one before. */
  next(): bigint {
    const missing = MAX_REORDERING - this.#packets++;
    if (missing > 0) return (this.#first ?? 0n) - BigInt(missing);
    return this.#shown.shift() ?? 0n;
  }
}
