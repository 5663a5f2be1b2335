import type { Alphabet } from './alphabet.js';

/** The likeliest classes at each step of a line, the likeliest first. */
export interface CtcSteps {
  readonly steps: number;
  /** Classes a step. */
  readonly width: number;
  /** `[steps, width]`. */
  readonly labels: Int32Array;
  /** Probabilities of {@link labels}. */
  readonly scores: Float32Array;
}

/** A character that was read, with the largest probability that it had at any step. */
export interface ReadCharacter {
  readonly text: string;
  readonly score: number;
}

/** A line that was read. */
export interface ReadLine {
  readonly text: string;
  /** Mean of the characters' scores; 0 when there are none. */
  readonly score: number;
  readonly characters: readonly ReadCharacter[];
}

/**
 * Reads the likeliest class at each step; repetitions count once, blanks separate.
 *
 * @see Graves et al. 2006, "Connectionist Temporal Classification", 3.2 (best path decoding)
 */
export function greedyCtc({ steps, width, labels, scores }: CtcSteps, alphabet: Alphabet): ReadLine {
  const characters: { text: string; score: number }[] = [];
  let before = alphabet.blank;
  for (let step = 0; step < steps; step++) {
    const label = labels[step * width] ?? alphabet.blank;
    const score = scores[step * width] ?? 0;
    const last = characters.at(-1);
    if (label !== alphabet.blank && label !== before) {
      characters.push({ text: alphabet.characters[label] ?? '', score });
    } else if (label !== alphabet.blank && last !== undefined) {
      last.score = Math.max(last.score, score);
    }
    before = label;
  }
  return readLine(characters);
}

/** A line of these characters. Characters without text are left out. */
export function readLine(all: readonly ReadCharacter[]): ReadLine {
  const characters = all.filter(({ text }) => text !== '');
  const sum = characters.reduce((total, { score }) => total + score, 0);
  return {
    text: characters.map(({ text }) => text).join(''),
    score: characters.length === 0 ? 0 : sum / characters.length,
    characters,
  };
}
