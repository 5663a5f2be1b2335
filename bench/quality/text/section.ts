import type { Told } from '../figures-command.js';
import type { FiguresOf } from '../section.js';

/** From what figures are made. */
export interface TextSettings extends Told {
  /** Folder that holds `data/text` and `weights/public/text`. */
  readonly shared: string;
  /** Id or folder of the model that finds text. */
  readonly detector: string;
  /** Id or folder of the model that reads lines. */
  readonly reader: string;
  /** Likewise those of the baseline; see `text-models.ts` for what is taken by default. */
  readonly peerDetector: string;
  readonly peerReader: string;
  /** Folder of drawn scenes as `models/training/text/dump.py` writes them; none when undefined. */
  readonly scenes?: string;
  /** Likewise of drawn lines. */
  readonly lines?: string;
  /** Scenes that are looked at, at most. */
  readonly mostScenes: number;
  /** Lines that are read, at most. */
  readonly mostLines: number;
}

/** Makes a part of the report. */
export type TextFigures = FiguresOf<TextSettings>;
