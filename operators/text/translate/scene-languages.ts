import type { LanguageScores } from './language-identifier.js';

/** Texts whose languages are remembered. */
const REMEMBERED = 64;
/** Letters beyond which a text tells no more of the scene's language. */
const MOST_LETTERS = 40;
/** What a text must be ahead in to count, or to be sure of. */
const MARGIN = 0.05;
/** What the scene's language adds at most: between a short text's likeliest languages, of which none is its own. */
const SCENE_WEIGHT = 0.25;
/** Texts that are less like any language are no words. */
const LEAST = 0.6;

interface Vote {
  readonly language: string;
  readonly weight: number;
}

/**
 * The languages of a place or a film: texts vote, the longer and the clearer the more, and what they agree on decides about those that are too short to tell
 * alone. The last 64 texts count.
 */
export class SceneLanguages {
  readonly #votes = new Map<string, Vote>();
  #revision = 0;

  /** Changes whenever {@link decide} may decide otherwise. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes the vote of a text; once, however often it is seen. */
  learn(text: string, scores: LanguageScores): void {
    const [first, second] = ranked(scores);
    const margin = (first?.[1] ?? 0) - (second?.[1] ?? 0);
    if (this.#votes.has(text) || first === undefined || first[1] < LEAST || margin < MARGIN) return;
    const letters = text.match(/\p{L}/gu)?.length ?? 0;
    this.#votes.set(text, { language: first[0], weight: Math.min(letters, MOST_LETTERS) * margin });
    for (const oldest of this.#votes.keys()) {
      if (this.#votes.size <= REMEMBERED) break;
      this.#votes.delete(oldest);
    }
    this.#revision++;
  }

  /** The language of a text, with what others have shown; nothing where that is not clear. */
  decide(text: string, scores: LanguageScores): string | undefined {
    const letters = text.match(/\p{L}/gu)?.length ?? 0;
    const doubt = 1 - Math.min(1, letters / MOST_LETTERS);
    const shares = this.#shares();
    const supported = ranked(scores).map(
      ([language, score]) => [language, score + SCENE_WEIGHT * doubt * (shares.get(language) ?? 0)] as const,
    );
    const [first, second] = supported.sort((a, b) => b[1] - a[1]);
    if (first === undefined || first[1] < LEAST) return undefined;
    return first[1] - (second?.[1] ?? 0) < MARGIN ? undefined : first[0];
  }

  /** Share of the votes, 0–1. */
  #shares(): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    let total = 0;
    for (const { language, weight } of this.#votes.values()) {
      sums.set(language, (sums.get(language) ?? 0) + weight);
      total += weight;
    }
    return new Map([...sums].map(([language, sum]) => [language, sum / total]));
  }
}

function ranked(scores: LanguageScores): (readonly [language: string, score: number])[] {
  return Object.entries(scores).sort((a, b) => b[1] - a[1]);
}
