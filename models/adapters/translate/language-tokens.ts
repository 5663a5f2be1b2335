/** How a family of translators marks languages. */
export type TranslatorStyle = 'marian' | 'm2m' | 'nllb';

/** Languages of FLORES-200 by BCP 47, the names that NLLB knows them under: those that its users ask for. */
const flores: Readonly<Record<string, string>> = {
  ar: 'arb_Arab',
  bg: 'bul_Cyrl',
  bn: 'ben_Beng',
  ca: 'cat_Latn',
  cs: 'ces_Latn',
  da: 'dan_Latn',
  de: 'deu_Latn',
  el: 'ell_Grek',
  en: 'eng_Latn',
  es: 'spa_Latn',
  et: 'est_Latn',
  fa: 'pes_Arab',
  fi: 'fin_Latn',
  fr: 'fra_Latn',
  he: 'heb_Hebr',
  hi: 'hin_Deva',
  hr: 'hrv_Latn',
  hu: 'hun_Latn',
  id: 'ind_Latn',
  it: 'ita_Latn',
  ja: 'jpn_Jpan',
  ko: 'kor_Hang',
  lt: 'lit_Latn',
  lv: 'lvs_Latn',
  nl: 'nld_Latn',
  no: 'nob_Latn',
  pl: 'pol_Latn',
  pt: 'por_Latn',
  ro: 'ron_Latn',
  ru: 'rus_Cyrl',
  sk: 'slk_Latn',
  sl: 'slv_Latn',
  sr: 'srp_Cyrl',
  sv: 'swe_Latn',
  sw: 'swh_Latn',
  ta: 'tam_Taml',
  th: 'tha_Thai',
  tr: 'tur_Latn',
  uk: 'ukr_Cyrl',
  ur: 'urd_Arab',
  vi: 'vie_Latn',
  zh: 'zho_Hans',
};

/**
 * The token that stands for a language; `undefined` where the style has none. Names that FLORES-200 uses itself are taken as they are.
 *
 * @param language BCP 47.
 */
export function languageToken(style: TranslatorStyle, language: string): string | undefined {
  if (style === 'marian') return undefined;
  return style === 'm2m' ? `__${language}__` : (flores[language] ?? language);
}
