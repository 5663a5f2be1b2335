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
  /** How long the memory of a long film is watched. */
  readonly minutes: number;
}

export type Bench = (settings: BenchSettings) => Promise<Section>;
