import type { DecoderRow, DecoderStep, NextTokens } from './text-decoder.js';

/** What a text may be. */
export interface SearchRules {
  /** Tokens that every text begins with: the start token, perhaps a language. They are fed, and not given out. */
  readonly start: readonly number[];
  /** Token that ends a text. */
  readonly end: number;
  /** Tokens that no text has. */
  readonly banned: ReadonlySet<number>;
  /** Tokens that a text has at most, the end not included. */
  readonly maxTokens: number;
  /** No sequence of so many tokens comes twice in a text; 0 allows it. */
  readonly noRepeat: number;
  /** Texts that are followed at once for each source; 1 is greedy. */
  readonly beams: number;
  /** Power of the length that the log probability is divided by; above 0, longer texts gain. */
  readonly lengthPenalty: number;
}

/** A text that was written. */
export interface WrittenText {
  /** Without start and end. */
  readonly tokens: readonly number[];
  /** Geometric mean of the probabilities of its tokens, the end included, 0–1. */
  readonly score: number;
}

/** A text that is being written, or is finished. */
interface Hypothesis {
  /** Without start and end. */
  readonly tokens: readonly number[];
  readonly logProbability: number;
  /** Tokens that {@link logProbability} is over: the end counts. */
  readonly length: number;
}

interface Live extends Hypothesis {
  /** Its row in the last step. */
  readonly origin: number;
}

/** What is written about one source. */
interface Draft {
  readonly source: number;
  live: readonly Live[];
  readonly finished: Hypothesis[];
}

/** A way to go on with a text. */
interface Candidate {
  readonly before: Live;
  readonly token: number;
  readonly logProbability: number;
  readonly origin: number;
}

/**
 * Writes a text about each source, side by side: beam search, which with one beam is greedy.
 *
 * @returns In the order of the sources.
 * @throws What `step` throws; the signal's reason.
 */
export async function searchTexts(
  step: DecoderStep,
  sources: number,
  rules: SearchRules,
  signal?: AbortSignal,
): Promise<readonly WrittenText[]> {
  const empty: Live = { tokens: [], logProbability: 0, length: 0, origin: 0 };
  const drafts = Array.from({ length: sources }, (_, source): Draft => ({ source, live: [empty], finished: [] }));
  for (;;) {
    const open = drafts.filter(({ live }) => live.length > 0);
    if (open.length === 0) break;
    signal?.throwIfAborted();
    const rows = open.flatMap(({ source, live }) =>
      live.map(({ tokens, origin }): DecoderRow => ({ source, origin, tokens: [...rules.start, ...tokens] })),
    );
    const next = await step(rows, signal);
    let row = 0;
    for (const draft of open) {
      const count = draft.live.length;
      advance(draft, next, row, rules);
      row += count;
    }
  }
  return drafts.map(({ finished }) => written(best(finished, rules)));
}

/** Writes one token more on all texts about a source, of which the first has the row `firstRow`. */
function advance(draft: Draft, next: NextTokens, firstRow: number, rules: SearchRules): void {
  const candidates = draft.live
    .flatMap((hypothesis, i) => continuations(hypothesis, next, firstRow + i, rules))
    .sort((a, b) => b.logProbability - a.logProbability);
  const live: Live[] = [];
  for (const [rank, candidate] of candidates.entries()) {
    if (live.length === rules.beams) break;
    if (candidate.token !== rules.end) live.push(extended(candidate));
    // An end behind as many goings-on would not be followed either.
    else if (rank < rules.beams) draft.finished.push(ended(candidate));
  }
  if (live.length === 0 && draft.finished.length === 0) draft.finished.push(...draft.live);
  if (live[0] !== undefined && live[0].length >= rules.maxTokens) {
    draft.finished.push(...live);
    draft.live = [];
  } else {
    draft.live = isSettled(draft.finished, live, rules) ? [] : live;
  }
}

function continuations(before: Live, next: NextTokens, row: number, rules: SearchRules): Candidate[] {
  const candidates: Candidate[] = [];
  for (let i = row * next.width; i < (row + 1) * next.width; i++) {
    const token = next.tokens[i] ?? rules.end;
    if (rules.banned.has(token) || repeats(before.tokens, token, rules.noRepeat)) continue;
    const logProbability = before.logProbability + (next.logProbabilities[i] ?? -Infinity);
    candidates.push({ before, token, logProbability, origin: row });
  }
  return candidates;
}

/** True when the last `size` tokens, `token` the last of them, have been there before. */
function repeats(tokens: readonly number[], token: number, size: number): boolean {
  if (size === 0 || tokens.length < size) return false;
  const last = [...tokens.slice(tokens.length - size + 1), token];
  for (let at = 0; at + size <= tokens.length; at++) {
    if (last.every((value, i) => value === tokens[at + i])) return true;
  }
  return false;
}

function extended({ before, token, logProbability, origin }: Candidate): Live {
  return { tokens: [...before.tokens, token], logProbability, length: before.length + 1, origin };
}

function ended({ before, logProbability }: Candidate): Hypothesis {
  return { tokens: before.tokens, logProbability, length: before.length + 1 };
}

/** True when going on is not worth while: there are enough finished texts, and the best of them is as good as the best that is not. */
function isSettled(finished: readonly Hypothesis[], [front]: readonly Live[], rules: SearchRules): boolean {
  if (front === undefined) return true;
  if (finished.length < rules.beams) return false;
  return rules.beams === 1 || worth(best(finished, rules), rules) >= worth(front, rules);
}

function best(finished: readonly Hypothesis[], rules: SearchRules): Hypothesis {
  return finished.reduce((a, b) => (worth(b, rules) > worth(a, rules) ? b : a));
}

function worth({ logProbability, length }: Hypothesis, { lengthPenalty }: SearchRules): number {
  return logProbability / Math.max(1, length) ** lengthPenalty;
}

function written({ tokens, logProbability, length }: Hypothesis): WrittenText {
  return { tokens, score: Math.exp(logProbability / Math.max(1, length)) };
}
