/** Samples that are rendered at a time. */
export const QUANTUM = 128;

/** A note that sounds. */
export interface Voice {
  /** How loud it is, for comparison with others. */
  readonly level: number;
  /** True when nothing more is to be heard. */
  readonly isOver: boolean;
  /** Adds samples `from` up to `to` of the block. */
  render(left: Float64Array, right: Float64Array, from: number, to: number): void;
  /** The key is let go, and no pedal holds the note. */
  release(): void;
  /** The note must go at once: its key is struck again, or there are too many. */
  choke(): void;
}

/** Gains of left and right for a place from −1 (left) to 1 (right), of constant power. */
export function panGains(place: number): readonly [left: number, right: number] {
  const angle = ((place + 1) * Math.PI) / 4;
  return [Math.cos(angle) * Math.SQRT2, Math.sin(angle) * Math.SQRT2];
}
