import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { VitascopeError } from '../../../pipeline/index.js';
import { Fontconfig, type FontStyle, type FontWish } from './fontconfig.js';
import { scriptLanguage } from './text-script.js';

/** The family of the font that ships with the package: Open Sans, for Latin, Greek and Cyrillic. */
export const BUNDLED_FAMILY = 'Vitascope Sans';

const FONTS = ['OpenSans-Regular.ttf', 'OpenSans-Bold.ttf'] as const;
const FOLDER = join('operators', 'text', 'paint', 'fonts');

/** Families with serifs, for where there is no fontconfig: the first that is installed. */
const serifFamilies = [
  'Noto Serif',
  'Source Serif Pro',
  'DejaVu Serif',
  'Liberation Serif',
  'Georgia',
  'Times New Roman',
];
/** Families for what the bundled one has no letters for, and fontconfig knows no font; the first that is installed and has them is taken. */
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
  readonly style: FontStyle;
  /** True where it is taken only when it fits clearly better. */
  readonly isSpecial: boolean;
}

/** Never given to a character: what fonts draw for it is what they draw for all they do not have. */
const NO_CHARACTER = '\u{10FFFF}';
const MOST_REMEMBERED = 8192;
const drawn = new Map<string, boolean>();
const missing = new Map<string, Buffer>();
let isRegistered = false;
const systemFonts = new Fontconfig();

/**
 * What text may be set in: the family that is asked for, or the bundled one and one with serifs, each in two weights.
 *
 * @param fontconfig Knows the fonts of the system; where it does not, the canvas library's own list does.
 * @throws VitascopeError `OPTION_INVALID` for a family that is not installed.
 */
export function typefaces(font: string | undefined, fontconfig = systemFonts): readonly Typeface[] {
  registerBundled();
  if (font !== undefined && !isInstalled(font, fontconfig)) {
    throw new VitascopeError('OPTION_INVALID', `paint-text: font: no family "${font}" is installed`, {
      context: { option: 'font', font },
    });
  }
  const serif = font === undefined ? serifFamily(fontconfig) : undefined;
  return [font ?? BUNDLED_FAMILY, ...(serif === undefined ? [] : [serif])].flatMap((family, i) =>
    ([400, 700] as const).map((weight) => ({
      family,
      weight,
      style: i > 0 ? ('serif' as const) : ('sans' as const),
      isSpecial: i > 0,
    })),
  );
}

/**
 * Families to draw a text with, best first; nothing where a letter of it is in no font, so that it would be boxes. What the family does not have comes from the
 * font that the system would choose for the script and style of the text.
 *
 * @param style Of the family.
 */
export function familiesFor(
  text: string,
  family: string,
  style: FontStyle = 'sans',
  fontconfig = systemFonts,
): readonly string[] | undefined {
  const families = [family];
  for (const character of new Set(text)) {
    if (/[\s\p{M}\p{Cf}]/u.test(character) || families.some((one) => hasCharacter(one, character))) continue;
    const other =
      (hasCharacter(BUNDLED_FAMILY, character) ? BUNDLED_FAMILY : undefined) ??
      systemFamily(character, scriptLanguage(text), style, fontconfig) ??
      fallbackFamilies.find((one) => GlobalFonts.has(one) && hasCharacter(one, character));
    if (other === undefined) return undefined;
    families.push(other);
  }
  return families;
}

/** The system's choice for a language that has a character, or else for the character alone. */
function systemFamily(
  character: string,
  language: string | undefined,
  style: FontStyle,
  fontconfig: Fontconfig,
): string | undefined {
  const wishes = [...(language === undefined ? [] : [{ language }]), { character }];
  for (const wish of wishes) {
    const family = installed({ ...wish, style }, fontconfig);
    if (family !== undefined && hasCharacter(family, character)) return family;
  }
  return undefined;
}

/** Fontconfig's serif, unless it has none and gives the one without; else one of those that are usual. */
function serifFamily(fontconfig: Fontconfig): string | undefined {
  const [serif, sans] = (['serif', 'sans'] as const).map((style) => installed({ style }, fontconfig));
  return serif === sans ? serifFamilies.find((family) => GlobalFonts.has(family)) : serif;
}

function isInstalled(family: string, fontconfig: Fontconfig): boolean {
  if (GlobalFonts.has(family)) return true;
  return (
    installed({ family, style: 'sans' }, fontconfig)?.toLowerCase() === family.toLowerCase() && GlobalFonts.has(family)
  );
}

/** The family that comes nearest to a wish, ready to be drawn with: its files may lie where the canvas has not looked. */
function installed(wish: Omit<FontWish, 'weight'>, fontconfig: Fontconfig): string | undefined {
  const regular = fontconfig.find({ ...wish, weight: 400 });
  if (regular === undefined || GlobalFonts.has(regular.family)) return regular?.family;
  const bold = fontconfig.find({ ...wish, family: regular.family, weight: 700 });
  // Asked for in other case, it goes by the name it was asked for.
  const isWished = wish.family?.toLowerCase() === regular.family.toLowerCase();
  const name = isWished ? (wish.family as string) : regular.family;
  for (const font of [regular, bold]) {
    if (font?.family === regular.family) GlobalFonts.registerFromPath(font.file, name);
  }
  return GlobalFonts.has(name) ? name : undefined;
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
  // Fonts are those of the process: another thread may have registered it.
  if (isRegistered || GlobalFonts.has(BUNDLED_FAMILY)) return;
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
  const before = drawn.get(key);
  if (before !== undefined) return before;
  // Some families have more letters in one weight than in the other.
  const has = ([400, 700] as const).every(
    (weight) => !bitmap(family, weight, character).equals(noCharacter(family, weight)),
  );
  if (drawn.size >= MOST_REMEMBERED) drawn.clear();
  drawn.set(key, has);
  return has;
}

/** What a font draws for characters that it does not have. */
function noCharacter(family: string, weight: number): Buffer {
  const key = `${weight} ${family}`;
  const before = missing.get(key) ?? bitmap(family, weight, NO_CHARACTER);
  missing.set(key, before);
  return before;
}

function bitmap(family: string, weight: number, character: string): Buffer {
  const context = createCanvas(40, 40).getContext('2d');
  context.font = fontCss([family], weight, 24);
  context.fillText(character, 8, 30);
  return Buffer.from(context.getImageData(0, 0, 40, 40).data);
}
