import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VitascopeError } from '../pipeline/errors.js';
import type { GraphStage } from './graph-stage.js';
import type { ModelContract } from './model-contract.js';
import type { SelfTest } from './providers/self-test.js';

export type { GraphStage } from './graph-stage.js';

/**
 * A model file on this machine: all that the inference pool needs to know of a model. Whatever finds models (the package
 * itself, a catalog with its cache, a path that a user gave) ends in one of these.
 */
export interface ModelSource {
  /** Name for messages and metrics, such as `colorize-small`. */
  readonly id: string;
  /** The `.onnx` file; weights in a file beside it are found by the runtime. */
  readonly path: string;
  /** Hex digest that the file must have; unchecked when absent. */
  readonly sha256?: string;
  /** What the caller counts on, of the model with its stages; unchecked when absent. */
  readonly contract?: ModelContract;
  /**
   * Graphs that run in the same request before the model, in this order. An input of a graph is fed by the nearest
   * earlier graph with an output of that name, or else by the request; what passes between them never leaves the worker.
   */
  readonly before?: readonly GraphStage[];
  /** Graphs that run after the model; the outputs of the last one are those of the whole. */
  readonly after?: readonly GraphStage[];
  /** How the model, without its stages, proves an execution provider; made up from its inputs when absent. */
  readonly selfTest?: SelfTest;
  /** `'cpu'` keeps a small graph on the CPU, whatever the pool's provider. Default `'any'`. */
  readonly placement?: 'any' | 'cpu';
}

const SAFE_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/**
 * Where a file of an embedded model lies, from source as well as from the built package.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND` when the package holds no such file.
 */
export function embeddedModelPath(id: string, file = 'model.onnx'): string {
  const folder = embeddedFolder();
  const path = folder === undefined ? undefined : join(folder, id, file);
  if (!SAFE_NAME.test(id) || !SAFE_NAME.test(file) || path === undefined || !existsSync(path)) {
    throw new VitascopeError(
      'MODEL_NOT_FOUND',
      `embeddedModelPath: the package has no file "${file}" of model "${id}"`,
      {
        context: { id, file },
      },
    );
  }
  return path;
}

/** The embedded model `id` as a source. @throws VitascopeError `MODEL_NOT_FOUND` */
export function embeddedModel(id: string, file?: string, contract?: ModelContract): ModelSource {
  return { id, path: embeddedModelPath(id, file), ...(contract === undefined ? {} : { contract }) };
}

/**
 * Checks that the file is there and is the one that was meant.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when the digest differs.
 */
export async function verifyModelFile(source: ModelSource): Promise<void> {
  const found = await stat(source.path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new VitascopeError('MODEL_NOT_FOUND', `model ${source.id}: there is no file ${source.path}`, {
      context: { id: source.id, path: source.path },
    });
  }
  if (source.sha256 === undefined) return;
  const actual = await sha256Of(source);
  if (actual === source.sha256.toLowerCase()) return;
  throw new VitascopeError(
    'MODEL_INVALID',
    `model ${source.id}: ${source.path} must have SHA-256 ${source.sha256}, got ${actual}`,
    { context: { id: source.id, path: source.path, expected: source.sha256, actual } },
  );
}

async function sha256Of(source: ModelSource): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(source.path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new VitascopeError('MODEL_NOT_FOUND', `model ${source.id}: ${source.path} cannot be read`, { cause });
  }
  return hash.digest('hex');
}

/** Where the embedded models lie. The sources lie one folder below the package root, the compiled files two. */
export function embeddedFolder(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'models', 'embedded');
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
