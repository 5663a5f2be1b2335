import type { SoundSource } from '../../operators/foley/bank/sound.js';
import { SoundBank } from '../../operators/foley/bank/sound-bank.js';
import { readUserSounds } from '../../operators/foley/bank/user/user-sounds.js';
import {
  type Action,
  actions,
  type BedKind,
  bedKinds,
  type Material,
  materials,
} from '../../operators/foley/bank/vocabulary.js';
import { stereo } from '../../operators/foley/mix/stereo.js';
import { WideBed } from '../../operators/foley/mix/wide-bed.js';
import { SAMPLE_RATE } from '../../operators/foley/sample-rate.js';
import { VitascopeError } from '../../pipeline/index.js';
import { wavFile } from './wav-file.js';
import { writeNew } from './write-new.js';

/** Flags of `vitascope sounds render`. */
export interface RenderFlags {
  readonly output: string;
  readonly energy?: number;
  readonly size?: number;
  readonly seconds?: number;
  readonly seed: number;
  readonly bank?: string;
  readonly overwrite?: boolean;
}

/** Which sound is meant. */
type Wanted =
  | { readonly kind: 'event'; readonly action: Action; readonly material: Material }
  | { readonly kind: 'bed'; readonly bed: BedKind };

const USUAL_SECONDS = 10;
const MOST_SECONDS = 600;

/** Writes one sound as a WAV file, and says whose it is. @throws VitascopeError `OPTION_INVALID`, `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, and those of a folder of sounds */
export async function renderSound(words: readonly string[], flags: RenderFlags): Promise<void> {
  const wanted = wantedSound(words);
  check(wanted, flags);
  const users = flags.bank === undefined ? undefined : await readUserSounds(flags.bank);
  const bank = new SoundBank({ ...(users !== undefined && { users }) });
  const { channels, whose } =
    wanted.kind === 'bed' ? renderBed(bank, wanted.bed, flags) : renderEvent(bank, wanted, flags);
  await writeNew(flags.output, wavFile(channels, SAMPLE_RATE), flags.overwrite);
  const seconds = ((channels[0]?.length ?? 0) / SAMPLE_RATE).toFixed(1);
  process.stderr.write(`${flags.output}: ${words.join(' ')}, ${seconds} s, ${whose}\n`);
}

/** Understands `strike metal`, `splash`, `rain`. @throws VitascopeError `OPTION_INVALID` */
export function wantedSound(words: readonly string[]): Wanted {
  const [first = '', second, ...more] = words;
  const action = actions.find((one) => one === first);
  const bed = bedKinds.find((one) => one === first);
  if (more.length > 0 || (bed !== undefined && second !== undefined)) {
    throw invalid(`expected an action and a material, or a bed, got "${words.join(' ')}"`);
  }
  if (bed !== undefined) return { kind: 'bed', bed };
  if (action === undefined) {
    throw invalid(`"${first}" is neither an action (${actions.join(', ')}) nor a bed (${bedKinds.join(', ')})`);
  }
  const material = materials.find((one) => one === (second ?? (action === 'splash' ? 'water' : undefined)));
  if (material === undefined) {
    const got = second === undefined ? 'nothing' : `"${second}"`;
    throw invalid(`${action} of what? expected one of ${materials.join(', ')}, got ${got}`);
  }
  if (action === 'splash' && material !== 'water') throw invalid(`a splash is of water, got "${material}"`);
  return { kind: 'event', action, material };
}

function check({ kind }: Wanted, { energy, size, seconds }: RenderFlags): void {
  if (kind === 'bed' && (energy !== undefined || size !== undefined)) {
    throw invalid('--energy and --size are of events; a bed has --seconds');
  }
  if (kind === 'event' && seconds !== undefined)
    throw invalid('--seconds is of beds; an event lasts as long as it sounds');
  for (const [name, value] of [
    ['--energy', energy],
    ['--size', size],
  ] as const) {
    if (value !== undefined && !(value >= 0 && value <= 1)) throw invalid(`${name} must be 0 to 1, got ${value}`);
  }
  if (seconds !== undefined && !(seconds > 0 && seconds <= MOST_SECONDS)) {
    throw invalid(`--seconds must be above 0 and at most ${MOST_SECONDS}, got ${seconds}`);
  }
}

interface Rendered {
  readonly channels: readonly Float32Array[];
  readonly whose: string;
}

function renderEvent(
  bank: SoundBank,
  { action, material }: Extract<Wanted, { kind: 'event' }>,
  { energy = 0.7, size, seed }: RenderFlags,
): Rendered {
  const sound = bank.pick({ action, material, energy, size, seed });
  return { channels: [sound.render()], whose: whoseSound(sound.tags.source, sound.id) };
}

/** Left and right of a wide place, as in a film. */
function renderBed(bank: SoundBank, kind: BedKind, { seconds = USUAL_SECONDS, seed }: RenderFlags): Rendered {
  const isUsers = bank.kinds.some((one) => one.kind === 'bed' && one.bed === kind && one.users > 0);
  const sound = stereo(Math.round(seconds * SAMPLE_RATE));
  new WideBed(bank.bed(kind, 2 * seed), bank.bed(kind, 2 * seed + 1)).render(sound);
  return { channels: [sound.left, sound.right], whose: isUsers ? 'of your folder' : 'synthesized' };
}

function whoseSound(source: SoundSource, id: string): string {
  return source === 'user' ? `your ${id.slice('user:'.length)}` : 'synthesized';
}

function invalid(message: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', message);
}
