/**
 * What a piano string sounds like, as figures. Partials of a stiff string and the comb of the hammer's place: Fletcher and Rossing, *The Physics of
 * Musical Instruments*; losses that grow with the square of frequency: Chaigne and Askenfelt, *Numerical simulations of
 * piano strings* (JASA 95, 1994); two rates of decay from coupled strings: Weinreich, *Coupled piano strings* (JASA 62,
 * 1977). The figures are our own fits to the ranges found there.
 */
export interface PianoPartial {
  /** Hertz. */
  readonly frequency: number;
  /** Against the loudest of a hard blow, about 0–1; the sign is that of the string's mode. */
  readonly amplitude: number;
  /** Decay in 1/s: the amplitude falls as exp(−decay·t). */
  readonly decay: number;
}

/** Highest partial that is sounded, in hertz. */
const HIGHEST = 9000;
const MOST_PARTIALS = 28;
/** Partials that are given a second, slowly decaying part. */
const LINGERING = 5;

/** Inharmonicity of a key's string: it is least in the tenor and grows towards both ends. */
export function inharmonicity(midi: number): number {
  return Math.exp(0.0926 * midi - 13.64) + Math.exp(-0.0847 * midi - 5.82);
}

/** Hertz, tempered, A4 = 440. */
export function frequencyOf(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}

/**
 * The partials of a key that is struck.
 *
 * @param strength How hard, 0–1: harder blows are brighter.
 */
export function pianoPartials(midi: number, strength: number): readonly PianoPartial[] {
  const fundamental = frequencyOf(midi);
  const stiffness = inharmonicity(midi);
  const place = hammerPlace(midi);
  const brightness = 350 + 2600 * strength ** 1.4 + 1.1 * fundamental;
  const partials: PianoPartial[] = [];
  for (let n = 1; n <= MOST_PARTIALS; n++) {
    const frequency = n * fundamental * Math.sqrt((1 + stiffness * n * n) / (1 + stiffness));
    if (frequency > HIGHEST) break;
    const comb = Math.sin(Math.PI * n * place) / Math.sin(Math.PI * place);
    const hammer = Math.exp(-(frequency - fundamental) / brightness) / Math.sqrt(n);
    const board = frequency ** 2 / (frequency ** 2 + 90 ** 2);
    const amplitude = comb * hammer * board;
    const decay = decayOf(midi, frequency);
    if (n > LINGERING) {
      partials.push({ frequency, amplitude, decay });
      continue;
    }
    partials.push({ frequency, amplitude: 0.85 * amplitude, decay });
    partials.push({
      frequency: frequency * (1 + 0.00022 * (n % 2 === 0 ? -1 : 1)),
      amplitude: 0.15 * amplitude,
      decay: decay * 0.3,
    });
  }
  return partials;
}

/** Decay that a damper adds, in 1/s; the highest strings have none. */
export function damperDecay(midi: number): number {
  return midi > 88 ? 0 : 14 + 0.35 * Math.max(0, midi - 30);
}

/** Where the hammer strikes, as share of the string: an eighth in the bass, less in the treble. */
function hammerPlace(midi: number): number {
  return midi < 60 ? 0.122 : 0.122 - 0.0012 * (midi - 60);
}

function decayOf(midi: number, frequency: number): number {
  const air = 0.45 * 2 ** ((midi - 40) / 14);
  return air + 1.1e-7 * (2 * Math.PI * frequency) ** 2 * 0.1;
}
