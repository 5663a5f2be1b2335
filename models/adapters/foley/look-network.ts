import { hasCode } from '../../../pipeline/errors.js';
import type { LoadedModel } from '../../loaded-model.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import type { FoleyParameters } from './foley-parameters.js';
import { cropsAround, type StepPicture } from './step-picture.js';

const FILE = 'look.onnx';
const CHANNELS = 3;
/**
 * Where it looks, in sides of what is cut out, from the place of the impact: that is told inexactly, and one look more to each side names 1 to 2 of 100 more right
 * (`models/training/foley/evaluate.py`).
 */
const LOOKS = [
  [0, 0],
  [-1 / 6, 0],
  [1 / 6, 0],
  [0, -1 / 6],
  [0, 1 / 6],
] as const;

/** The network that looks closely at what is hit: at pieces of pictures before, at and after an impact. */
export class LookNetwork implements AsyncDisposable {
  readonly #size: number;
  readonly #model: LoadedModel;

  private constructor(size: number, model: LoadedModel) {
    this.#size = size;
    this.#model = model;
  }

  /**
   * Loads the network, where the model has one.
   *
   * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
   */
  static async open(
    { lookMoments, lookSize, materials }: FoleyParameters,
    model: ModelFiles,
    pool: AdapterPool,
  ): Promise<LookNetwork | undefined> {
    const file = fileOf(model);
    if (file === undefined) return undefined;
    const shape = [1, CHANNELS * lookMoments.length, lookSize, lookSize];
    const loaded = await pool.load({
      id: `${model.id}/look`,
      path: file.path,
      ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
      contract: {
        inputs: [{ name: 'crops', type: 'uint8', shape }],
        outputs: [{ name: 'material', type: 'float32', shape: [1, materials.length] }],
      },
    });
    return new LookNetwork(lookSize, loaded);
  }

  /**
   * Probabilities of the materials: the mean of looks at the place and a little beside it.
   *
   * @param pictures At the moments that the model asks for, no smaller than what is cut out.
   * @param position x and y, 0–1.
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  async materials(
    pictures: readonly StepPicture[],
    [x, y]: readonly [x: number, y: number],
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const size = this.#size;
    const side = pictures[0]?.shape[2] ?? size;
    const seen = await Promise.all(
      LOOKS.map(([right, down]) => {
        const place = [x + (right * size) / side, y + (down * size) / side] as const;
        return this.#look(cropsAround(pictures, place, size), signal);
      }),
    );
    return meanOf(seen);
  }

  async #look(crops: StepPicture, signal: AbortSignal | undefined): Promise<Float32Array> {
    const { outputs } = await this.#model.run({ crops }, { outputs: { material: 'inline' }, signal });
    return outputs.material.data as Float32Array;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#model.close();
  }
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(
    rows[0] ?? [],
    (_, i) => rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length,
  );
}

function fileOf(model: ModelFiles): ReturnType<ModelFiles['file']> | undefined {
  try {
    return model.file(FILE);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return undefined;
    throw error;
  }
}
