import type { Microseconds } from '../../pipeline/time.js';

/** A named stretch of a film, on the container's timeline. */
export interface Chapter {
  readonly startUs: Microseconds;
  /** End, exclusive; where the container keeps none, the start of the next chapter or the end of the film. */
  readonly endUs: Microseconds;
  /** May be empty. */
  readonly title: string;
  /** Further tags of the chapter (Matroska only), names as in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A chapter as a container keeps it: perhaps without an end. */
export type StoredChapter = Omit<Chapter, 'endUs'> & { readonly endUs: Microseconds | undefined };

/**
 * Chapters in order of time, with missing ends filled in: the next start, else the end of the film, else the chapter's own
 * start. Ends that lie before their start are treated as missing.
 */
export function completeChapters(stored: readonly StoredChapter[], filmEndUs: Microseconds | undefined): Chapter[] {
  const sorted = [...stored].sort((a, b) => a.startUs - b.startUs);
  return sorted.map((chapter, i) => {
    if (chapter.endUs !== undefined && chapter.endUs >= chapter.startUs) return { ...chapter, endUs: chapter.endUs };
    const next = sorted[i + 1]?.startUs ?? filmEndUs ?? chapter.startUs;
    return { ...chapter, endUs: Math.max(next, chapter.startUs) };
  });
}
