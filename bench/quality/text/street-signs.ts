/** What stands on a sign of the street, and how. */
export interface SignText {
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  /** In English. */
  readonly translation: string;
  /** Of the font, pixels of the picture. */
  readonly size: number;
  readonly weight: 400 | 700;
  /** The first that is installed is taken. */
  readonly families: readonly string[];
  /** CSS. */
  readonly ink: string;
  readonly board: string;
  /** How much lower the right end of the board stands than the left, of its width. */
  readonly slope: number;
  /** How much lower the board is at its right end than at its left, as a share of its height: it is seen from the side. */
  readonly taper: number;
}

const SANS = ['Liberation Sans', 'Helvetica', 'Arial', 'DejaVu Sans'] as const;
const WIDE = ['DejaVu Sans', 'Verdana', 'Liberation Sans'] as const;
const SERIF = ['DejaVu Serif', 'Liberation Serif', 'Georgia'] as const;
const LEVEL = { slope: 0, taper: 0 } as const;

/** The twelve signs of the street. All are phrases that `translateText` knows without a network. */
export const signTexts: readonly SignText[] = [
  {
    ...words('Sortie de secours', 'fr', 'Emergency exit'),
    ...{ size: 30, weight: 700, families: SANS },
    ...{ ink: '#ffffff', board: '#0b7a3b' },
    ...LEVEL,
  },
  {
    ...words('Pharmacie', 'fr', 'Pharmacy'),
    ...{ size: 44, weight: 700, families: SANS },
    ...{ ink: '#e8ffe8', board: '#1c5c34' },
    slope: 0.05,
    taper: 0.1,
  },
  {
    ...words('Défense de stationner', 'fr', 'No parking'),
    ...{ size: 22, weight: 400, families: SANS },
    ...{ ink: '#b01018', board: '#f6f2ea' },
    ...LEVEL,
  },
  {
    ...words('Toutes directions', 'fr', 'All directions'),
    ...{ size: 26, weight: 700, families: WIDE },
    ...{ ink: '#ffffff', board: '#1d3f8f' },
    slope: -0.04,
    taper: 0.12,
  },
  {
    ...words('Prohibido fumar', 'es', 'No smoking'),
    ...{ size: 20, weight: 700, families: SANS },
    ...{ ink: '#111111', board: '#f3c419' },
    ...LEVEL,
  },
  {
    ...words('Se vende', 'es', 'For sale'),
    ...{ size: 48, weight: 700, families: SANS },
    ...{ ink: '#ffe14a', board: '#a3201c' },
    slope: 0.03,
    taper: 0.16,
  },
  {
    ...words('Estación central', 'es', 'Central station'),
    ...{ size: 32, weight: 400, families: SERIF },
    ...{ ink: '#2a1a10', board: '#e9d9b4' },
    ...LEVEL,
  },
  {
    ...words('Abierto', 'es', 'Open'),
    ...{ size: 36, weight: 400, families: WIDE },
    ...{ ink: '#f4f4f4', board: '#33302e' },
    slope: -0.06,
    taper: -0.12,
  },
  {
    ...words('Geschlossen', 'de', 'Closed'),
    ...{ size: 28, weight: 700, families: SERIF },
    ...{ ink: '#7c1414', board: '#f7ead0' },
    ...LEVEL,
  },
  {
    ...words('Bushaltestelle', 'de', 'Bus stop'),
    ...{ size: 24, weight: 700, families: SANS },
    ...{ ink: '#06502c', board: '#f9e23a' },
    slope: 0.02,
    taper: -0.14,
  },
  {
    ...words('Vorsicht Stufe', 'de', 'Mind the step'),
    ...{ size: 18, weight: 700, families: SANS },
    ...{ ink: '#101010', board: '#dfe4e8' },
    ...LEVEL,
  },
  {
    ...words('Einbahnstraße', 'de', 'One way'),
    ...{ size: 34, weight: 700, families: SANS },
    ...{ ink: '#ffffff', board: '#2056a8' },
    slope: 0.04,
    taper: 0.1,
  },
];

function words(text: string, language: string, translation: string) {
  return { text, language, translation };
}
