import { describe, expect, it } from 'vitest';
import { type SearchRules, searchTexts } from '../../../../models/adapters/translate/search.js';
import type { DecoderStep } from '../../../../models/adapters/translate/text-decoder.js';

const END = 0;
const rules: SearchRules = {
  start: [9],
  end: END,
  banned: new Set(),
  maxTokens: 4,
  noRepeat: 0,
  beams: 1,
  lengthPenalty: 1,
};

/** Probabilities of the tokens 0 to n after a text. */
type Language = (source: number, tokens: readonly number[]) => readonly number[];

/** A step that also checks that every row goes on from the row that it says it does. */
function decoder(language: Language): DecoderStep {
  let before: readonly string[] = [];
  return async (rows) => {
    const texts = rows.map(({ source, tokens }) => `${source}:${tokens.join()}`);
    rows.forEach(({ source, origin, tokens }) => {
      if (tokens.length > 1) expect(before[origin]).toBe(`${source}:${tokens.slice(0, -1).join()}`);
    });
    before = texts;
    const sorted = rows.map(({ source, tokens }) =>
      language(source, tokens.slice(1))
        .map((p, token) => ({ token, p }))
        .sort((a, b) => b.p - a.p),
    );
    return {
      width: sorted[0]?.length ?? 0,
      tokens: Int32Array.from(sorted.flat(), ({ token }) => token),
      logProbabilities: Float32Array.from(sorted.flat(), ({ p }) => Math.log(p)),
    };
  };
}

/** Without a pattern, and different after each text. */
const arbitrary: Language = (source, tokens) => {
  const seed = tokens.reduce((sum, token, i) => sum + (token + 1) * (i + 2) ** 2, source * 7 + 1);
  const weights = [0, 1, 2, 3].map((token) => 1 + Math.floor(20 * Math.abs(Math.sin(seed * 12.9898 + token * 78.233))));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

/** The best score of all texts that end, or are cut. */
function exhaustive(language: Language, source: number, { maxTokens, end }: SearchRules): number {
  let best = -Infinity;
  const visit = (tokens: readonly number[], log: number): void => {
    const next = language(source, tokens);
    next.forEach((p, token) => {
      const sum = log + Math.log(p);
      const length = tokens.length + 1;
      if (token === end || length === maxTokens) best = Math.max(best, sum / length);
      if (token !== end && length < maxTokens) visit([...tokens, token], sum);
    });
  };
  visit([], 0);
  return Math.exp(best);
}

describe('searchTexts', () => {
  it('follows the likeliest token with one beam, and ends at the end', async () => {
    const language: Language = (_, tokens) =>
      [
        [0.1, 0.6, 0.3],
        [0.2, 0.3, 0.5],
        [0.9, 0.05, 0.05],
      ][tokens.length] ?? [1, 0, 0];
    const [written] = await searchTexts(decoder(language), 1, rules);
    expect(written?.tokens).toEqual([1, 2]);
    expect(written?.score).toBeCloseTo((0.6 * 0.5 * 0.9) ** (1 / 3), 5);
  });

  it('finds with two beams what one misses', async () => {
    const language: Language = (_, tokens) => {
      if (tokens.length === 0) return [0.02, 0.55, 0.43];
      return tokens[0] === 1 ? [0.3, 0.35, 0.35] : [0.98, 0.01, 0.01];
    };
    expect((await searchTexts(decoder(language), 1, rules))[0]?.tokens[0]).toBe(1);
    expect((await searchTexts(decoder(language), 1, { ...rules, beams: 2 }))[0]?.tokens).toEqual([2]);
  });

  it('finds the best of all texts with many beams, for each source', async () => {
    const wide = { ...rules, beams: 300 };
    const written = await searchTexts(decoder(arbitrary), 5, wide);
    for (const [source, { score }] of written.entries()) {
      expect(score).toBeCloseTo(exhaustive(arbitrary, source, wide), 5);
    }
  });

  it('cuts what does not end', async () => {
    const [written] = await searchTexts(
      decoder(() => [0.1, 0.5, 0.4]),
      1,
      rules,
    );
    expect(written?.tokens).toEqual([1, 1, 1, 1]);
  });

  it('leaves out what is banned', async () => {
    const [written] = await searchTexts(
      decoder(() => [0.1, 0.5, 0.4]),
      1,
      { ...rules, banned: new Set([1]) },
    );
    expect(written?.tokens).toEqual([2, 2, 2, 2]);
  });

  it('writes no sequence twice when told so', async () => {
    const [written] = await searchTexts(
      decoder(() => [0.1, 0.5, 0.4]),
      1,
      { ...rules, maxTokens: 6, noRepeat: 2 },
    );
    expect(written?.tokens).toEqual([1, 1, 2, 1]);
  });

  it('ends at once when every token is banned', async () => {
    const [written] = await searchTexts(
      decoder(() => [0.5, 0.5]),
      1,
      { ...rules, banned: new Set([0, 1]) },
    );
    expect(written).toEqual({ tokens: [], score: 1 });
  });

  it('writes nothing about no source', async () => {
    expect(await searchTexts(decoder(arbitrary), 0, rules)).toEqual([]);
  });
});
