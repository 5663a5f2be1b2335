import type { InputSize } from './pose-candidate.js';

/** What figures are asked for, and from what they are made. */
export interface PoseSettings {
  /** Folder that holds `data/` and `weights/`. */
  readonly shared: string;
  /** Ids of models; all that are there when undefined. */
  readonly models: readonly string[] | undefined;
  /** Further sizes at which models that can be shown any are measured. */
  readonly sizes: readonly InputSize[];
  /** The network looks at every frame of this many. */
  readonly every: number;
  /** Told what is being done. */
  readonly progress: (text: string) => void;
}

/** A part of the report. */
export interface PoseSection {
  readonly title: string;
  /** Tables. */
  readonly markdown: string;
  /** What one must know to read the figures. */
  readonly notes: readonly string[];
}

/** Makes a part of the report. */
export type PoseFigures = (settings: PoseSettings) => Promise<PoseSection>;

/** A part of the report as Markdown. */
export function sectionMarkdown({ title, markdown, notes }: PoseSection, circumstances: string): string {
  return [`### ${title}`, '', circumstances, '', markdown, '', ...notes.map((note) => `- ${note}`)].join('\n');
}
