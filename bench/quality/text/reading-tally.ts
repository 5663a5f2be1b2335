import { distance } from 'fastest-levenshtein';

/** A line that was read, beside what it says. */
export interface JudgedLine {
  readonly truth: string;
  readonly text: string;
  /** How sure the reader was, 0–1. */
  readonly score: number;
}

/** How well lines were read. Shares are 0–1, and not a number where there are no lines. */
export interface ReadingFigures {
  readonly lines: number;
  /** Of what is there. */
  readonly characters: number;
  /** Characters put in, left out and mistaken (Levenshtein), of those that are there, all lines together. */
  readonly errorRate: number;
  /** Lines without any mistake. */
  readonly allRight: number;
}

/** Lines about which a reader was about as sure. */
export interface SureLines {
  /** Bounds of the score; the upper one belongs to the next bin, 1 to the last. */
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  /** Mean score, 0–1. */
  readonly sure: number;
  /** Characters that are right, 0–1, mean of the lines; of what is there or was read, whichever is more. */
  readonly charactersRight: number;
  /** Share without any mistake, 0–1. */
  readonly allRight: number;
}

const BINS = 10;

/** Figures of lines; text is compared in composed form (NFC), capitals and marks included. */
export function readingFigures(judged: readonly JudgedLine[]): ReadingFigures {
  const wrong = judged.map(mistakesIn);
  const characters = judged.reduce((sum, { truth }) => sum + composed(truth).length, 0);
  return {
    lines: judged.length,
    characters,
    errorRate: wrong.reduce((sum, count) => sum + count, 0) / characters,
    allRight: wrong.filter((count) => count === 0).length / judged.length,
  };
}

/** Lines in ten bins of their scores; empty ones are left out. */
export function sureLines(judged: readonly JudgedLine[]): readonly SureLines[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const own = judged.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === bin);
    const right = own.filter((line) => mistakesIn(line) === 0).length;
    const sure = own.reduce((sum, { score }) => sum + score, 0) / own.length;
    const charactersRight = own.reduce((sum, line) => sum + rightIn(line), 0) / own.length;
    const bounds = { from: bin / BINS, to: (bin + 1) / BINS };
    return { ...bounds, lines: own.length, sure, charactersRight, allRight: right / own.length };
  }).filter(({ lines }) => lines > 0);
}

/** Expected calibration error (Naeini et al. 2015): by how much scores, which are means over characters, differ from the share of characters that are right, mean over all lines, 0–1. */
export function calibrationError(judged: readonly JudgedLine[]): number {
  const off = sureLines(judged).map(({ lines, sure, charactersRight }) => lines * Math.abs(sure - charactersRight));
  return off.reduce((sum, one) => sum + one, 0) / judged.length;
}

function rightIn(line: JudgedLine): number {
  return 1 - mistakesIn(line) / Math.max(1, composed(line.truth).length, composed(line.text).length);
}

function mistakesIn({ truth, text }: JudgedLine): number {
  return distance(composed(truth), composed(text));
}

function composed(text: string): string {
  return text.normalize('NFC');
}
