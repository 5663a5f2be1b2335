import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { VitascopeError } from '../../../pipeline/index.js';

/** The family of the font that ships with the package: Open Sans, for Latin, Greek and Cyrillic. */
export const BUNDLED_FAMILY = 'Vitascope Sans';

const FONTS = ['OpenSans-Regular.ttf', 'OpenSans-Bold.ttf'] as const;
const FOLDER = join('operators', 'text', 'paint', 'fonts');

/** Families with serifs, wherever one of them is installed. */
const serifFamilies = [
  'Noto Serif',
  'Source Serif Pro',
  'DejaVu Serif',
  'Liberation Serif',
  'Georgia',
  'Times New Roman',
];
/** Families for what the bundled one has no letters for; the first that is installed and has them is taken. */
const fallbackFamilies = [
  ...[
    'Noto Sans',
    'Noto Sans Arabic',
    'Noto Naskh Arabic',
    'Noto Sans Hebrew',
    'Noto Sans Devanagari',
    'Noto Sans Thai',
  ],
  ...['Noto Sans CJK JP', 'Noto Sans CJK SC', 'Noto Sans CJK KR', 'Noto Sans JP', 'Noto Sans SC', 'Noto Sans KR'],
  ...['Source Han Sans', 'WenQuanYi Zen Hei', 'IPAexGothic', 'NanumGothic', 'Droid Sans Fallback'],
  ...['Arial Unicode MS', 'PingFang SC', 'Hiragino Sans', 'Microsoft YaHei', 'Yu Gothic', 'Malgun Gothic'],
  ...['DejaVu Sans', 'FreeSans', 'Unifont'],
];

/** A family and a weight, CSS's numbers. */
export interface Typeface {
  readonly family: string;
  readonly weight: 400 | 700;
  /** True where it is taken only when it fits clearly better. */
  readonly isSpecial: boolean;
}

/** Never given to a character: what fonts draw for it is what they draw for all they do not have. */
const NO_CHARACTER = '\u{10FFFF}';
const MOST_REMEMBERED = 8192;
const known = new Map<string, boolean>();
let isRegistered = false;

/**
 * What text may be set in: the family that is asked for, or the bundled one and one with serifs, each in two weights.
 *
 * @throws VitascopeError `OPTION_INVALID` for a family that is not installed.
 */
export function typefaces(font: string | undefined): readonly Typeface[] {
  registerBundled();
  if (font !== undefined && !GlobalFonts.has(font)) {
    throw new VitascopeError('OPTION_INVALID', `paint-text: font: no family "${font}" is installed`, {
      context: { option: 'font', font },
    });
  }
  const serif = font === undefined ? serifFamilies.find((family) => GlobalFonts.has(family)) : undefined;
  return [font ?? BUNDLED_FAMILY, ...(serif === undefined ? [] : [serif])].flatMap((family, i) =>
    ([400, 700] as const).map((weight) => ({ family, weight, isSpecial: i > 0 })),
  );
}

/**
 * Families to draw a text with, best first; nothing where a letter of it is in no font, so that it would be boxes.
 */
export function familiesFor(text: string, family: string): readonly string[] | undefined {
  const families = [family];
  for (const character of new Set(text)) {
    if (/[\s\p{M}\p{Cf}]/u.test(character) || families.some((one) => hasCharacter(one, character))) continue;
    const other = [BUNDLED_FAMILY, ...fallbackFamilies].find(
      (one) => GlobalFonts.has(one) && hasCharacter(one, character),
    );
    if (other === undefined) return undefined;
    families.push(other);
  }
  return families;
}

/** A text without pictures for which there are no letters: emoji and what joins them. */
export function withoutEmoji(text: string): string {
  return text
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{FE0F}\u{20E3}\u{200D}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** CSS's shorthand for a canvas. @param size Pixels. */
export function fontCss(families: readonly string[], weight: number, size: number): string {
  return `${weight} ${size}px ${families.map((family) => `"${family.replaceAll('"', '')}"`).join(', ')}`;
}

function registerBundled(): void {
  if (isRegistered) return;
  const folder = fontsFolder();
  for (const file of FONTS) {
    if (GlobalFonts.registerFromPath(join(folder, file), BUNDLED_FAMILY) === null) {
      throw new VitascopeError('OPERATOR_FAILED', `paint-text: the font ${join(folder, file)} cannot be read`);
    }
  }
  isRegistered = true;
}

/** Beside this file in the source, in the folder of the package for what is compiled. */
function fontsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, FOLDER);
    if (existsSync(candidate) || folder === dirname(folder)) return candidate;
  }
}

function hasCharacter(family: string, character: string): boolean {
  const key = `${family} ${character}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const has = !bitmap(family, character).equals(bitmap(family, NO_CHARACTER));
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, has);
  return has;
}

function bitmap(family: string, character: string): Buffer {
  const context = createCanvas(40, 40).getContext('2d');
  context.font = fontCss([family], 400, 24);
  context.fillText(character, 8, 30);
  return Buffer.from(context.getImageData(0, 0, 40, 40).data);
}
