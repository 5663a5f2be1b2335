/** Something to be read: a letter or a digit. */
const LEGIBLE = /[\p{L}\p{N}]/u;
/** A single character is often a shape that only resembles one. */
const LONE_SCORE = 0.85;

/** What the dash before somebody's words looks like within an outline. Nothing that is said begins with these. */
const DASH = /^[~=]\s(?=\p{L})/u;

/** A reading without what readers add to it: spaces at the ends and doubled ones, and other marks in the place of a dash. Nothing where nothing legible is left. */
export function cleanText(text: string): string {
  const clean = text.normalize('NFC').replace(/\s+/g, ' ').trim().replace(DASH, '– ');
  return LEGIBLE.test(clean) ? clean : '';
}

/** Whether a reading is sure enough. @param minScore 0–1. */
export function isSure(text: string, score: number, minScore: number): boolean {
  if (text === '') return false;
  return score >= ([...text].length === 1 ? Math.max(minScore, LONE_SCORE) : minScore);
}
