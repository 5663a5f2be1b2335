import { meanLoudness, momentaryLoudness } from '../../operators/foley/bank/loudness.js';
import { SoundBank, type SoundKind } from '../../operators/foley/bank/sound-bank.js';
import { type BedEntry, type EventEntry, readSoundList } from '../../operators/foley/bank/user/sound-list.js';
import { readUserSounds, type UserSounds } from '../../operators/foley/bank/user/user-sounds.js';
import { actions, materials } from '../../operators/foley/bank/vocabulary.js';
import { SAMPLE_RATE } from '../../operators/foley/sample-rate.js';

/** Of a bed that is measured, seconds. */
const BED_PIECE_S = 10;

/** A sound of the user, as `--json` gives it. */
interface UserLine {
  readonly file: string;
  readonly action: readonly string[] | undefined;
  readonly material: readonly string[] | undefined;
  readonly bed: string | undefined;
  readonly seconds: number;
  /** Of single sounds the loudest 400 ms, of beds the mean; LUFS, one decimal. */
  readonly loudness: number;
}

/** Prints `vitascope sounds list`. @throws VitascopeError of a folder of sounds that cannot be read */
export async function listSounds(flags: { readonly bank?: string; readonly json?: boolean }): Promise<void> {
  const users = flags.bank === undefined ? undefined : await readUserSounds(flags.bank);
  const { kinds } = new SoundBank({ ...(users !== undefined && { users }) });
  const files = users === undefined ? [] : userLines(users, await readSoundList(flags.bank as string));
  if (flags.json === true) {
    const notes = users?.notes ?? [];
    process.stdout.write(`${JSON.stringify({ bank: flags.bank ?? null, kinds, files, notes }, undefined, 2)}\n`);
    return;
  }
  process.stdout.write(`${kindTable(kinds)}\n`);
  if (users !== undefined) process.stdout.write(`\n${userTable(files, users)}\n`);
  process.stderr.write(`\n${footer(flags.bank)}\n`);
}

/** Actions × materials, then beds: how many sounds of the user there are for each; `·` where all is synthesized. */
export function kindTable(kinds: readonly SoundKind[]): string {
  const cellOf = (action: string, material: string): string => {
    const kind = kinds.find((one) => one.kind === 'event' && one.action === action && one.material === material);
    return kind === undefined ? '' : shown(kind.users);
  };
  const events = materials.map((material) => [material, ...actions.map((action) => cellOf(action, material))]);
  const beds = kinds.flatMap((kind) => (kind.kind === 'bed' ? [[kind.bed, shown(kind.users)]] : []));
  return [aligned([['EVENT', ...actions], ...events]), '', aligned([['BED', ''], ...beds])].join('\n');
}

function userTable(files: readonly UserLine[], { notes }: UserSounds): string {
  const rows = files.map(({ file, action, material, bed, seconds, loudness }) => {
    const sound = bed ?? action?.join(', ') ?? '';
    const note = notes.find((one) => one.file === file)?.note ?? '';
    const of = bed !== undefined ? 'bed' : (material?.join(', ') ?? 'any material');
    return [file, sound, of, `${seconds.toFixed(1)} s`, `${loudness.toFixed(0)} LUFS`, note];
  });
  return aligned([['YOUR FILE', 'SOUND', 'OF', 'LENGTH', 'LOUDNESS', 'NOTE'], ...rows]);
}

/** The entries of the list with what was measured of the files: events, then beds. */
function userLines(users: UserSounds, entries: readonly (EventEntry | BedEntry)[]): UserLine[] {
  const events = entries.flatMap((entry) => ('bed' in entry ? [] : [entry]));
  const beds = entries.flatMap((entry) => ('bed' in entry ? [entry] : []));
  return [
    ...events.map(({ file, action, material }, index) => {
      const samples = users.events[index]?.render() ?? new Float32Array(0);
      const seconds = samples.length / SAMPLE_RATE;
      return { file, action, material, bed: undefined, ...measured(seconds, momentaryLoudness(samples)) };
    }),
    ...beds.map(({ file, bed }, index) => {
      const samples = users.bedOf(file, 1)?.render(BED_PIECE_S * SAMPLE_RATE) ?? new Float32Array(0);
      const seconds = users.beds[index]?.seconds ?? 0;
      return { file, action: undefined, material: undefined, bed, ...measured(seconds, meanLoudness(samples)) };
    }),
  ];
}

function measured(seconds: number, loudness: number): { readonly seconds: number; readonly loudness: number } {
  return { seconds: Number(seconds.toFixed(3)), loudness: Number(loudness.toFixed(1)) };
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(users: number): string {
  return users === 0 ? '·' : `${users} yours`;
}

function footer(bank: string | undefined): string {
  const [first, ...rest] = [
    '·  made when it is wanted; any number of variations, none is recorded',
    ...(bank === undefined ? ['Sounds of your own:  vitascope sounds list --bank FOLDER'] : []),
    'See all of them:     vitascope sounds play-sheet -o sheet.png',
    'Hear one:            vitascope sounds render strike metal -o clang.wav',
  ];
  return [first, ...rest].join('\n');
}
