import type { SeenText, TextsMeta } from '../texts-meta.js';

/** A line of text as files hold it: without what goes without saying. */
export type TextRecord = Omit<SeenText, 'opacity'> & { readonly opacity?: number };

/** The texts of one frame of a film, as its lines of JSON hold them. */
export interface TextFrame {
  /** Microseconds on the source's timeline. */
  readonly ptsUs: number;
  readonly texts: readonly TextRecord[];
}

/** A line of text for a file: its opacity is left out where it is 1. */
export function textRecord({ opacity, ...text }: TextsMeta['texts'][number]): TextRecord {
  return opacity === 1 ? text : { ...text, opacity };
}
