/** What figures are asked for, and from what they are made. */
export interface FoleySettings {
  /** Folder that holds `data/foley/clips`. */
  readonly shared: string;
  /** Id or folder of the model. */
  readonly model: string;
  /** Default: that of the operator. */
  readonly sensitivity: number | undefined;
  /** Names of frame rates at which sync is measured; all when undefined. */
  readonly rates: readonly string[] | undefined;
  /** Rounds in which speed is measured. */
  readonly runs: number;
  /** Told what is being done. */
  readonly progress: (text: string) => void;
}

/** A part of the report. */
export interface FoleySection {
  readonly title: string;
  /** Tables. */
  readonly markdown: string;
  /** What one must know to read the figures. */
  readonly notes: readonly string[];
}

/** Makes a part of the report. */
export type FoleyFigures = (settings: FoleySettings) => Promise<FoleySection>;

/** `met`, or what stands out where it is not. */
export function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}

/** Milliseconds; a dash where there is none. */
export function inMs(seconds: number, digits = 0): string {
  return Number.isFinite(seconds) ? `${(1000 * seconds).toFixed(digits)} ms` : '–';
}

/** What of a film is asked for on the command line, as `--set` takes it. */
export function assignmentsOf({ model, sensitivity }: FoleySettings): string[] {
  return [`foley.model=${model}`, ...(sensitivity === undefined ? [] : [`foley.sensitivity=${sensitivity}`])];
}
