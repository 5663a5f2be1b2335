import { readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { z } from 'zod';
import { VitascopeError } from '../../../../pipeline/index.js';
import { actions, bedKinds, materials } from '../vocabulary.js';

/** Name of the list in a folder of sounds. */
export const SOUND_LIST = 'sounds.json';
const MOST_SOUNDS = 2000;

const oneOrMany = <Values extends readonly [string, ...string[]]>(values: Values) =>
  z.union([z.enum(values).transform((one) => [one]), z.array(z.enum(values)).min(1)], {
    error: `expected one of ${values.join(', ')}, or a list of these`,
  });

const file = z
  .string()
  .min(1)
  .refine(isInside, 'must be a path inside the folder')
  .describe('path of a WAV, FLAC or OGG file, in the folder of the list');
const gainDb = z.number().min(-60).max(24).default(0).describe('decibels louder than other sounds');

const event = z.strictObject({
  file,
  action: oneOrMany(actions).describe('what is heard: one or several'),
  material: oneOrMany(materials).optional().describe('of what; any, if omitted'),
  energy: z.number().min(0).max(1).optional().describe('how hard; fits all, if omitted'),
  size: z.number().min(0).max(1).optional().describe('how large, 0 a coin to 1 a door; fits all, if omitted'),
  onset: z.number().min(0).max(10).optional().describe('where in the file the event is, seconds; found, if omitted'),
  gainDb,
});
const bed = z.strictObject({
  file,
  bed: z.enum(bedKinds).describe('place whose sound it is'),
  gainDb,
});

/** The schema of `sounds.json`. */
export const soundListSchema = z.strictObject({
  sounds: z
    .array(
      z.unknown().transform((entry, context) => {
        // A union would say of a wrong entry that it fits neither, not what is wrong.
        const isBed = typeof entry === 'object' && entry !== null && 'bed' in entry;
        const result = isBed ? bed.safeParse(entry) : event.safeParse(entry);
        if (result.success) return result.data;
        for (const issue of result.error.issues) {
          context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
        }
        return z.NEVER;
      }),
    )
    .min(1)
    .max(MOST_SOUNDS),
});

/** A single sound of a list. */
export type EventEntry = z.output<typeof event>;
/** A bed of a list. */
export type BedEntry = z.output<typeof bed>;

function isInside(path: string): boolean {
  const plain = normalize(path);
  return !isAbsolute(plain) && plain !== '..' && !plain.startsWith(`..${sep}`) && !/^[a-z]:/i.test(plain);
}

/**
 * Reads the list of a folder of sounds.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND` without a list; `OPTION_INVALID` for one that is no JSON or has wrong entries, with the file, and the key of each in `context.problems`.
 */
export async function readSoundList(folder: string): Promise<readonly (EventEntry | BedEntry)[]> {
  const path = join(folder, SOUND_LIST);
  const list = soundListSchema.safeParse(parsed(path, await textOf(path)));
  if (list.success) return list.data.sounds;
  const problems = list.error.issues.map((issue) => `${keyOf(issue.path)}${issue.message}`);
  throw new VitascopeError('OPTION_INVALID', `${path}: ${problems.slice(0, 5).join('; ')}`, {
    context: { file: path, problems },
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new VitascopeError('INPUT_NOT_FOUND', `a folder of sounds needs a list, and ${path} cannot be read`, {
      context: { file: path },
      cause,
    });
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError('OPTION_INVALID', `${path}: is not JSON: ${words}`, { context: { file: path }, cause });
  }
}

function keyOf(path: readonly PropertyKey[]): string {
  const key = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return key === '' ? '' : `${key.replace(/^\./, '')}: `;
}
