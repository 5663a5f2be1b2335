import type { PoseSection } from '../pose/section.js';

/** What figures are asked for, and from what they are made. */
export interface TextSettings {
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
  readonly scenes: string | undefined;
  /** Likewise of drawn lines. */
  readonly lines: string | undefined;
  /** Scenes that are looked at, at most. */
  readonly mostScenes: number;
  /** Lines that are read, at most. */
  readonly mostLines: number;
  /** Told what is being done. */
  readonly progress: (text: string) => void;
}

/** A part of the report. */
export type TextSection = PoseSection;

/** Makes a part of the report. */
export type TextFigures = (settings: TextSettings) => Promise<TextSection>;
