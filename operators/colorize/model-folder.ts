import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { embeddedModelPath, type ModelSource } from '../../models/model-source.js';
import type { SelfTest } from '../../models/providers/self-test.js';
import { isTensorType, type TensorType } from '../../models/tensor.js';
import { VitascopeError } from '../../pipeline/index.js';

const tensorSpec = z.object({
  name: z.string(),
  type: z.custom<TensorType>((type) => typeof type === 'string' && isTensorType(type), 'unknown tensor type'),
  shape: z.array(z.union([z.int(), z.string()])),
});
const modelFile = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
});
const manifest = z.object({
  id: z.string().min(1),
  task: z.literal('colorize'),
  files: z.record(z.string(), modelFile),
  defaults: z.object({ temperature: z.number(), cutThreshold: z.number() }),
});

/** A thumbnail of the size that is usual, at a usual temperature. */
const selfTest: SelfTest = {
  sizes: { h: 96, w: 128 },
  inputs: { temperature: { shape: [], range: [0.5, 0.5] } },
};

/** A folder of ONNX graphs that belong together, as its `model.json` describes it. */
export interface ModelFolder {
  readonly id: string;
  readonly temperature: number;
  readonly cutThreshold: number;
  /** The source of one of its files, with digest and contract. @throws VitascopeError `MODEL_INVALID` when the manifest lacks it. */
  source(file: string): ModelSource;
}

/**
 * Finds and reads a colour model: an embedded one by id, or a folder by its path (anything with a slash). Nothing is loaded yet.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when its `model.json` is not one of a colour model.
 */
export function findModelFolder(idOrPath: string): ModelFolder {
  const path = /[/\\]/.test(idOrPath) ? manifestIn(idOrPath) : embeddedModelPath(idOrPath, 'model.json');
  const { id, files, defaults } = readManifest(path);
  return {
    id,
    temperature: defaults.temperature,
    cutThreshold: defaults.cutThreshold,
    source: (file) => {
      const entry = files[file];
      if (entry === undefined) {
        throw new VitascopeError('MODEL_INVALID', `colorize: ${path} lists no file "${file}"`, {
          context: { path, file },
        });
      }
      const { sha256, inputs, outputs } = entry;
      return {
        id: `${id}/${file.replace(/\.onnx$/, '')}`,
        path: join(dirname(path), file),
        sha256,
        contract: { inputs, outputs },
        // The network alone is worth a way to the GPU and back.
        ...(file === 'model.onnx' ? { selfTest } : { placement: 'cpu' }),
      };
    },
  };
}

function manifestIn(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'model.json') : path;
  if (existsSync(file)) return file;
  throw new VitascopeError('MODEL_NOT_FOUND', `colorize: there is no model at ${path}`, { context: { path } });
}

function readManifest(path: string): z.output<typeof manifest> {
  let cause: unknown;
  try {
    const parsed = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.data;
    cause = parsed.error;
  } catch (error) {
    cause = error;
  }
  throw new VitascopeError('MODEL_INVALID', `colorize: ${path} does not describe a colour model`, {
    context: { path },
    cause,
  });
}
