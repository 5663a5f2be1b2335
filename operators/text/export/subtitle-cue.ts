import { inReadingOrder } from '../read/reading-order.js';
import type { TextSpan } from './text-span.js';

/** What is shown from one time to another. */
export interface SubtitleCue {
  /** Microseconds. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** In the order in which they are read. */
  readonly lines: readonly string[];
}

/** Lines that come and go within this time of each other belong together, microseconds. */
const TOGETHER_US = 250_000;
/** A line that is back after less was there all the time, microseconds. */
const GAP_US = 500_000;

/**
 * Cues of subtitles: lines that come and go together are one cue, and one that was lost for a moment goes on. Where a line was translated, the cue says that;
 * lines whose translation is empty are left out.
 *
 * @param spans By when they begin.
 */
export function subtitleCues(spans: readonly TextSpan[]): readonly SubtitleCue[] {
  const groups: TextSpan[][] = [];
  for (const span of spans) {
    const group = groups.findLast(([first]) => first !== undefined && isTogether(first, span));
    if (group === undefined) groups.push([span]);
    else group.push(span);
  }
  const cues: SubtitleCue[] = [];
  for (const group of groups) {
    const cue = cueOf(group);
    if (cue.lines.length === 0) continue;
    const before = cues.findLastIndex((other) => isContinued(other, cue));
    const earlier = cues[before];
    if (earlier === undefined) cues.push(cue);
    else cues[before] = { ...earlier, untilUs: Math.max(earlier.untilUs, cue.untilUs) };
  }
  return cues;
}

function cueOf(group: readonly TextSpan[]): SubtitleCue {
  const placed = group.map(({ last }) => ({ quad: last.quad, text: last.translation ?? last.text }));
  return {
    fromUs: Math.min(...group.map(({ fromUs }) => fromUs)),
    untilUs: Math.max(...group.map(({ untilUs }) => untilUs)),
    lines: inReadingOrder(placed)
      .map(({ text }) => text)
      .filter((text) => text !== ''),
  };
}

function isTogether(a: TextSpan, b: TextSpan): boolean {
  return Math.abs(a.fromUs - b.fromUs) <= TOGETHER_US && Math.abs(a.untilUs - b.untilUs) <= TOGETHER_US;
}

function isContinued(before: SubtitleCue, next: SubtitleCue): boolean {
  return next.fromUs - before.untilUs <= GAP_US && before.lines.join('\n') === next.lines.join('\n');
}
