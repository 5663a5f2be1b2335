import type { ClipSource } from './clips.js';
import type { Section } from './report.js';

export interface BenchSettings {
  readonly source: ClipSource;
  /** Folder for outputs. */
  readonly work: string;
  /** Rounds of interleaved runs. */
  readonly runs: number;
  /** Length of a film to measure on, at least. */
  readonly frames: number;
  /** How long memory is watched; nothing where it was not said. */
  readonly minutes: number | undefined;
  /** How long a live stream is measured, after it has warmed up. */
  readonly seconds: number;
}

export type Bench = (settings: BenchSettings) => Promise<Section>;
