import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GlobalFonts } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { Fontconfig, type FontMatcher } from '../../../../operators/text/paint/fontconfig.js';
import { BUNDLED_FAMILY, familiesFor, typefaces } from '../../../../operators/text/paint/fonts.js';
import { scriptLanguage } from '../../../../operators/text/paint/text-script.js';
import { workspace } from '../../../helpers/workspace.js';

const FONT = fileURLToPath(new URL('../../../../operators/text/paint/fonts/OpenSans-Bold.ttf', import.meta.url));

/** Notes the patterns that are asked for, and answers them all alike. */
function matcher(answer: string | undefined | ((pattern: string) => string | undefined)) {
  const asked: (readonly string[])[] = [];
  const match: FontMatcher = (args) => {
    asked.push(args);
    return typeof answer === 'function' ? answer(args.at(-1) as string) : answer;
  };
  return { asked, match };
}

describe('Fontconfig', () => {
  it('asks by style, weight, language and character, once each', () => {
    const { asked, match } = matcher('Some Gothic\n/fonts/some.ttf\n');
    const fontconfig = new Fontconfig(match);
    const wish = { style: 'sans', weight: 700, language: 'ja', character: '日' } as const;
    expect(fontconfig.find(wish)).toEqual({ family: 'Some Gothic', file: '/fonts/some.ttf' });
    expect(fontconfig.find(wish)?.family).toBe('Some Gothic');
    expect(asked).toEqual([['--format', '%{family[0]}\\n%{file}\\n', '--', 'sans:weight=200:lang=ja:charset=65e5']]);
  });

  it('gives names no meaning that they do not have', () => {
    const { asked, match } = matcher('A\n/a.ttf\n');
    new Fontconfig(match).find({ family: 'Evil:file=/etc/passwd,-x\n$(id)', style: 'serif', weight: 400 });
    expect(asked[0]?.at(-1)).toBe('Evil\\:file\\=/etc/passwd\\,\\-x$(id),serif:weight=80');
    expect(asked[0]?.at(-2)).toBe('--');
  });

  it('asks no more when it is not there, fails, or has been asked often', () => {
    const { asked, match } = matcher(undefined);
    const absent = new Fontconfig(match);
    for (const weight of [400, 700] as const) expect(absent.find({ style: 'sans', weight })).toBeUndefined();
    expect(asked).toHaveLength(1);
    const often = matcher('A\n/a.ttf\n');
    const fontconfig = new Fontconfig(often.match);
    for (let code = 0x4e00; code < 0x4e00 + 200; code++)
      fontconfig.find({ style: 'sans', weight: 400, character: String.fromCodePoint(code) });
    expect(often.asked).toHaveLength(48);
  });

  it('takes nothing for a font that is none', () => {
    for (const output of ['', '\n\n', 'Family\nrelative.ttf\n', 'Family']) {
      expect(new Fontconfig(matcher(output).match).find({ style: 'sans', weight: 400 })).toBeUndefined();
    }
  });

  it('finds what this machine has, or nothing', () => {
    const font = new Fontconfig().find({ style: 'sans', weight: 400 });
    if (font !== undefined) expect(font.family).not.toBe('');
  });
});

describe('fonts of the system', () => {
  const file = workspace();

  it('are those of the canvas library where there is no fontconfig', () => {
    const without = typefaces(undefined, new Fontconfig(() => undefined));
    expect(without.slice(0, 2).map(({ family, weight }) => [family, weight])).toEqual([
      [BUNDLED_FAMILY, 400],
      [BUNDLED_FAMILY, 700],
    ]);
    expect(familiesFor('Exit', BUNDLED_FAMILY, 'sans', new Fontconfig(() => undefined))).toEqual([BUNDLED_FAMILY]);
  });

  it('are chosen by fontconfig, and read from where they lie', () => {
    const path = file('Hidden.ttf');
    copyFileSync(FONT, path);
    expect(GlobalFonts.has('Hidden Serif')).toBe(false);
    const fontconfig = new Fontconfig((args) =>
      (args.at(-1) as string).includes('serif') ? `Hidden Serif\n${path}\n` : `Other Sans\n${path}\n`,
    );
    expect(typefaces(undefined, fontconfig).map(({ family }) => family)).toEqual([
      ...[BUNDLED_FAMILY, BUNDLED_FAMILY],
      ...['Hidden Serif', 'Hidden Serif'],
    ]);
    expect(GlobalFonts.has('Hidden Serif')).toBe(true);
  });

  it('are no serifs where fontconfig gives the same for both styles', () => {
    const fontconfig = new Fontconfig(() => `Only One\n${FONT}\n`);
    expect(typefaces(undefined, fontconfig).some(({ family }) => family === 'Only One')).toBe(false);
  });

  it('may be asked for by a name that fontconfig knows, and are refused else', () => {
    const fontconfig = new Fontconfig((args) =>
      (args.at(-1) as string).startsWith('House Style') ? `House Style\n${FONT}\n` : `Nearest\n${FONT}\n`,
    );
    expect(typefaces('House Style', fontconfig)[0]?.family).toBe('House Style');
    expect(() => typefaces('No Such House', fontconfig)).toThrow(/No Such House/);
  });

  it('are asked for by the script of a text, and taken only if they have its letters', () => {
    const { asked, match } = matcher(`Latin Only\n${join(FONT)}\n`);
    const text = '\u{16A0}\u{16B1}';
    const families = familiesFor(text, BUNDLED_FAMILY, 'serif', new Fontconfig(match));
    expect(asked[0]?.at(-1)).toBe('serif:weight=80:charset=16a0');
    expect(families ?? []).not.toContain('Latin Only');
    const arabic = matcher(`Latin Only\n${join(FONT)}\n`);
    familiesFor('خروج', BUNDLED_FAMILY, 'sans', new Fontconfig(arabic.match));
    expect(arabic.asked[0]?.at(-1)).toBe('sans:weight=80:lang=ar');
  });
});

describe('scriptLanguage', () => {
  it('tells languages by their scripts', () => {
    const texts = {
      ja: '出口はこちら',
      'zh-cn': '出口',
      ko: '출구',
      ar: 'خروج',
      he: 'יציאה',
      hi: 'निकास',
      th: 'ทางออก',
    };
    for (const [language, text] of Object.entries(texts)) expect(scriptLanguage(text)).toBe(language);
    expect(scriptLanguage('Sortie, Έξοδος, Выход 12')).toBeUndefined();
  });
});
