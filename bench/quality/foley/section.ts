import type { Told } from '../figures-command.js';
import type { FiguresOf } from '../section.js';

/** From what figures are made. */
export interface FoleySettings extends Told {
  /** Folder that holds `data/foley/clips`. */
  readonly shared: string;
  /** Id or folder of the model. */
  readonly model: string;
  /** Default: that of the operator. */
  readonly sensitivity?: number;
  /** Names of frame rates at which sync is measured; all when undefined. */
  readonly rates?: readonly string[];
  /** Rounds in which speed is measured. */
  readonly runs: number;
}

/** Makes a part of the report. */
export type FoleyFigures = FiguresOf<FoleySettings>;

/** Milliseconds; a dash where there is none. */
export function inMs(seconds: number, digits = 0): string {
  return Number.isFinite(seconds) ? `${(1000 * seconds).toFixed(digits)} ms` : '–';
}

/** What of a film is asked for on the command line, as `--set` takes it. */
export function assignmentsOf({ model, sensitivity }: FoleySettings): string[] {
  return [`foley.model=${model}`, ...(sensitivity === undefined ? [] : [`foley.sensitivity=${sensitivity}`])];
}
