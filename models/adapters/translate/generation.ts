import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VitascopeError } from '../../../pipeline/errors.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { ModelFiles } from '../adapter.js';

const token = z.int().nonnegative();
const tokens = z.union([token, z.array(token).min(1)]).transform((value) => (Array.isArray(value) ? value : [value]));

const configFile = z.looseObject({
  decoder_start_token_id: token.nullish(),
  bos_token_id: token.nullish(),
  eos_token_id: tokens.nullish(),
  pad_token_id: token.nullish(),
  bad_words_ids: z.array(z.array(token)).nullish(),
  max_position_embeddings: z.int().positive().nullish(),
  max_length: z.int().positive().nullish(),
  num_beams: z.int().positive().max(64).nullish(),
  length_penalty: z.number().nullish(),
});

/** How a decoder begins and ends, and what its maker searched with. */
export interface GenerationConfig {
  readonly start: number;
  readonly end: number;
  readonly pad: number | undefined;
  /** Never given out. */
  readonly banned: readonly number[];
  /** Tokens that the network can take. */
  readonly maxTokens: number;
  readonly beams: number;
  readonly lengthPenalty: number;
}

const MAX_TOKENS = 512;

/**
 * Reads `config.json`; `startToken` and `endToken` among the parameters of the catalog count more.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID` when start or end are told by neither.
 */
export async function generationConfig(who: string, model: ModelFiles): Promise<GenerationConfig> {
  const parsed = configFile.safeParse(await readJson(who, model.file('config.json').path));
  if (!parsed.success) throw invalid(who, `config.json: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const { adapter } = model.entry;
  const pad = config.pad_token_id ?? undefined;
  const start = tokenOf(adapter, 'startToken') ?? config.decoder_start_token_id ?? config.bos_token_id;
  const end = tokenOf(adapter, 'endToken') ?? config.eos_token_id?.[0];
  if (typeof start !== 'number' || end === undefined)
    throw invalid(who, 'config.json must tell the start and the end token');
  const single = (config.bad_words_ids ?? []).flatMap((word) => (word.length === 1 ? word : []));
  const banned = new Set([...single, ...(pad === undefined ? [] : [pad])]);
  banned.delete(end);
  return {
    start,
    end,
    pad,
    banned: [...banned],
    maxTokens: config.max_position_embeddings ?? config.max_length ?? MAX_TOKENS,
    beams: config.num_beams ?? 1,
    lengthPenalty: config.length_penalty ?? 1,
  };
}

/** A JSON file of a model. @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID` */
export async function readJson(who: string, path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new VitascopeError('MODEL_NOT_FOUND', `${who}: ${path} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VitascopeError('MODEL_INVALID', `${who}: ${path} is not JSON`, { cause });
  }
}

function tokenOf(adapter: AdapterParameters, name: string): number | undefined {
  const value = adapter[name];
  return typeof value === 'number' ? value : undefined;
}

function invalid(who: string, what: string): VitascopeError {
  return new VitascopeError('MODEL_INVALID', `${who}: ${what}`);
}
