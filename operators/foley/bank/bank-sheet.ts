import { SAMPLE_RATE } from '../sample-rate.js';
import { makeBed } from './beds/make-bed.js';
import { meanLoudness, momentaryLoudness } from './loudness.js';
import { SynthesizedSound } from './synthesized-sound.js';
import type { UserSounds } from './user/user-sounds.js';
import { type Action, actions, type BedKind, bedKinds, type Material, materials } from './vocabulary.js';

/** A line of a list of sounds, and the sound itself. */
export interface SheetLine {
  readonly id: string;
  readonly kind: Action | 'bed';
  readonly material: Material | BedKind | undefined;
  readonly source: 'own' | 'user';
  /** Of beds: of the piece that {@link samples} gives. */
  readonly seconds: number;
  /** Of single sounds the loudest 400 ms, of beds the mean, LUFS. */
  readonly loudness: number;
  /** Mono, 48 kHz; computed anew each time. */
  samples(): Float32Array;
}

/** Of a bed that is shown, seconds. */
const BED_PIECE_S = 10;
const shown = { energy: 0.7, size: 0.5, object: 0, seed: 1 } as const;

/** What is in a bank, one line a kind, then the user's sounds; lazily, since each line computes its sound once. */
export function* bankSheet(users?: UserSounds): Generator<SheetLine> {
  for (const action of actions) {
    for (const material of action === 'splash' ? (['water'] as const) : materials) {
      yield eventLine(new SynthesizedSound({ action, material, ...shown }), 'own');
    }
  }
  for (const kind of bedKinds) {
    yield bedLine(`own:bed/${kind}`, kind, 'own', () => makeBed(kind, shown.seed).render(BED_PIECE_S * SAMPLE_RATE));
  }
  for (const sound of users?.events ?? []) yield eventLine(sound, 'user');
  for (const { bed, file } of users?.beds ?? []) {
    const samples = (): Float32Array =>
      users?.bedOf(file, shown.seed)?.render(BED_PIECE_S * SAMPLE_RATE) ?? new Float32Array(0);
    yield bedLine(`user:${file}`, bed, 'user', samples);
  }
}

function eventLine(sound: Pick<SynthesizedSound, 'id' | 'tags' | 'render'>, source: SheetLine['source']): SheetLine {
  const samples = sound.render();
  const { action, material } = sound.tags;
  return {
    id: sound.id,
    kind: action,
    material,
    source,
    seconds: samples.length / SAMPLE_RATE,
    loudness: momentaryLoudness(samples),
    samples: () => sound.render(),
  };
}

function bedLine(id: string, bed: BedKind, source: SheetLine['source'], samples: () => Float32Array): SheetLine {
  return {
    id,
    kind: 'bed',
    material: bed,
    source,
    seconds: BED_PIECE_S,
    loudness: meanLoudness(samples()),
    samples,
  };
}
