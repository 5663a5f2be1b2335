import { spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';

/** What `fc-match` printed for these arguments; nothing where it is not there, failed, or took too long. */
export type FontMatcher = (args: readonly string[]) => string | undefined;

/** Kind of letters, as fontconfig names it. */
export type FontStyle = 'sans' | 'serif';

/** What a font is to be like. */
export interface FontWish {
  /** A family; else any of the style. */
  readonly family?: string;
  readonly style: FontStyle;
  readonly weight: 400 | 700;
  /** As fontconfig names languages: `ar`, `ja`, `zh-cn`. */
  readonly language?: string;
  /** A character that it is to have. */
  readonly character?: string;
}

/** A font of the system. */
export interface SystemFont {
  readonly family: string;
  /** Absolute path. */
  readonly file: string;
}

/** Longest time that `fc-match` may take, milliseconds: it takes less than a tenth, except when its cache is made anew. */
const TIMEOUT_MS = 1500;
/** Questions that are asked in the life of a process: text of many scripts is not to hold up frames again and again. */
const MOST_QUESTIONS = 48;
const MOST_OUTPUT = 64 * 1024;
/** fontconfig's numbers for CSS's. */
const weights = { 400: 80, 700: 200 } as const;

/**
 * Fonts as the system would choose them, by fontconfig's `fc-match`: by language, character, style and weight, as they were set up for this machine. Each question is
 * asked once, 48 at most, each for 1.5 s at most; when one fails none is asked any more. Answers are the nearest there is, not always what was asked for.
 *
 * @see https://www.freedesktop.org/software/fontconfig/fontconfig-user.html
 */
export class Fontconfig {
  readonly #match: FontMatcher;
  readonly #answers = new Map<string, SystemFont | undefined>();
  #isThere = true;

  /** @param match Runs `fc-match`, without a shell. */
  constructor(match: FontMatcher = runFontMatch) {
    this.#match = match;
  }

  /** The font that comes nearest to a wish; nothing where there is no fontconfig, or no answer. */
  find(wish: FontWish): SystemFont | undefined {
    const pattern = patternOf(wish);
    if (this.#answers.has(pattern)) return this.#answers.get(pattern);
    if (!this.#isThere || this.#answers.size >= MOST_QUESTIONS) return undefined;
    const output = this.#match(['--format', '%{family[0]}\\n%{file}\\n', '--', pattern]);
    this.#isThere = output !== undefined;
    const font = output === undefined ? undefined : fontIn(output);
    this.#answers.set(pattern, font);
    return font;
  }
}

/** A wish as fontconfig writes it: families, then properties. */
function patternOf({ family, style, weight, language, character }: FontWish): string {
  const names = family === undefined ? style : `${escaped(family)},${style}`;
  const properties = [
    `weight=${weights[weight]}`,
    ...(language === undefined ? [] : [`lang=${escaped(language)}`]),
    ...(character === undefined ? [] : [`charset=${(character.codePointAt(0) ?? 0).toString(16)}`]),
  ];
  return [names, ...properties].join(':');
}

/** Without meaning to fontconfig, which ends names at these. */
function escaped(name: string): string {
  return name.replace(/[\\\-:,=_]/gu, '\\$&').replace(/\p{Cc}/gu, '');
}

function fontIn(output: string): SystemFont | undefined {
  const [family = '', file = ''] = output.split('\n');
  return family !== '' && isAbsolute(file) ? { family, file } : undefined;
}

function runFontMatch(args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('fc-match', args, {
    ...{ encoding: 'utf8', shell: false, windowsHide: true, stdio: ['ignore', 'pipe', 'ignore'] },
    ...{ timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT },
  });
  return status === 0 ? stdout : undefined;
}
