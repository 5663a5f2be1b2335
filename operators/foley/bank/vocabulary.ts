/** What happens. */
export const actions = ['strike', 'scratch', 'step', 'splash', 'drop'] as const;
/** One of {@link actions}. */
export type Action = (typeof actions)[number];

/** What it happens to. */
export const materials = [
  'wood',
  'metal',
  'glass',
  'ceramic',
  'plastic',
  'cloth',
  'paper',
  'leaf',
  'gravel',
  'grass',
  'water',
  'drum',
] as const;
/** One of {@link materials}. */
export type Material = (typeof materials)[number];

/** Sounds of places, which go on for ever. */
export const bedKinds = [
  'water',
  'waves',
  'wind',
  'trees',
  'rain',
  'crowd',
  'street',
  'engine',
  'fire',
  'room',
] as const;
/** One of {@link bedKinds}. */
export type BedKind = (typeof bedKinds)[number];

/** A single sound as it is asked for. */
export interface Recipe {
  readonly action: Action;
  readonly material: Material;
  /** How hard, 0–1: 30 dB between a touch and a blow; hard blows are brighter as well. */
  readonly energy: number;
  /** Of the thing, 0 (a coin) to 1 (a door). */
  readonly size: number;
  /** Which thing of this kind: things differ in the frequencies of their modes. An integer. */
  readonly object: number;
  /** Of this one event: position and small irregularities. An integer. */
  readonly seed: number;
}
