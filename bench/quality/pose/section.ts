import type { Told } from '../figures-command.js';
import type { FiguresOf } from '../section.js';
import type { InputSize } from './pose-candidate.js';

/** From what figures are made. */
export interface PoseSettings extends Told {
  /** Folder that holds `data/` and `weights/`. */
  readonly shared: string;
  /** Ids of models; all that are there when undefined. */
  readonly models?: readonly string[];
  /** Further sizes at which models that can be shown any are measured. */
  readonly sizes: readonly InputSize[];
  /** The network looks at every frame of this many. */
  readonly every: number;
}

/** Makes a part of the report. */
export type PoseFigures = FiguresOf<PoseSettings>;
