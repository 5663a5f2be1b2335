import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VitascopeError } from '../../../pipeline/errors.js';
import { inspectModel } from '../../onnx/inspect-model.js';
import type { ModelFiles } from '../adapter.js';
import { numberOf, textOf } from './parameters.js';

/** What the classes of a reader of text stand for. */
export interface Alphabet {
  /** By class; empty for the blank. */
  readonly characters: readonly string[];
  /** The class of CTC's blank. */
  readonly blank: number;
}

const tesseractFile = z.looseObject({
  null: z.int().nonnegative(),
  classes: z.int().positive().max(100_000),
  codes: z.record(z.string().regex(/^\d+$/), z.string()),
});

/** The alphabet of a converted Tesseract model, from `alphabet.json`. @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID` */
export async function tesseractAlphabet(who: string, model: ModelFiles): Promise<Alphabet> {
  const { path } = model.file('alphabet.json');
  const parsed = tesseractFile.safeParse(await readJson(who, path));
  if (!parsed.success) {
    throw new VitascopeError(
      'MODEL_INVALID',
      `${who}: ${path} must hold null, classes and codes: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { null: blank, classes, codes } = parsed.data;
  const characters = Array.from({ length: classes }, (_, i) => (i === blank ? '' : (codes[`${i}`] ?? '')));
  return { characters, blank };
}

/**
 * The alphabet of a PP-OCR model: from the metadata of its file (`alphabetKey`, one character a line), or else from `alphabet.txt`.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`
 */
export async function ppocrAlphabet(who: string, model: ModelFiles): Promise<Alphabet> {
  const { adapter } = model.entry;
  const blank = numberOf(adapter, 'blank', 0);
  const key = textOf(adapter, 'alphabetKey');
  const { metadata } = await inspectModel(model.file().path);
  const text = key === undefined ? await readText(who, model.file('alphabet.txt').path) : metadata[key];
  if (text === undefined) {
    throw new VitascopeError(
      'MODEL_INVALID',
      `${who}: the file must have its characters in the metadata "${key}", it has none`,
      {
        context: { key, metadata: Object.keys(metadata) },
      },
    );
  }
  const characters = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (adapter.appendSpace === true) characters.push(' ');
  characters.splice(blank, 0, '');
  return { characters, blank };
}

/** Checks that there is a character for each class. @throws VitascopeError `MODEL_INVALID` */
export function checkAlphabet(who: string, { characters }: Alphabet, classes: number | string | undefined): void {
  if (typeof classes !== 'number' || classes === characters.length) return;
  throw new VitascopeError(
    'MODEL_INVALID',
    `${who}: the alphabet has ${characters.length} classes, the model ${classes}`,
    {
      context: { alphabet: characters.length, model: classes },
    },
  );
}

async function readJson(who: string, path: string): Promise<unknown> {
  const text = await readText(who, path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VitascopeError('MODEL_INVALID', `${who}: ${path} is not JSON`, { cause });
  }
}

async function readText(who: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new VitascopeError('MODEL_NOT_FOUND', `${who}: ${path} cannot be read`, { cause });
  }
}
