/** Scripts and the languages by which fontconfig finds fonts for them. Kana come before Han, which Japanese has too. */
const scripts = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh-cn'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Georgian}/u, 'ka'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Ethiopic}/u, 'am'],
] as const;

/** A language whose fonts have the letters of a text, by its script; nothing for Latin, Greek, Cyrillic and what is not known. */
export function scriptLanguage(text: string): string | undefined {
  return scripts.find(([script]) => script.test(text))?.[1];
}
