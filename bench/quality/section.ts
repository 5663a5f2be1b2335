/** A part of a report. */
export interface Section {
  readonly title: string;
  /** Tables. */
  readonly markdown: string;
  /** What one must know to read the figures. */
  readonly notes: readonly string[];
}

/** Makes a part of a report. */
export type FiguresOf<Settings> = (settings: Settings) => Promise<Section>;

/** A part of a report as Markdown. */
export function sectionMarkdown({ title, markdown, notes }: Section, circumstances: string): string {
  return [`### ${title}`, '', circumstances, '', markdown, '', ...notes.map((note) => `- ${note}`)].join('\n');
}

/** `met`, or what stands out where it is not. */
export function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}
