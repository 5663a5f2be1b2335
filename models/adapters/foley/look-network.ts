import { hasCode } from '../../../pipeline/errors.js';
import type { LoadedModel } from '../../loaded-model.js';
import { inlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import type { FoleyParameters } from './foley-parameters.js';
import { type StepPicture, stackedPictures } from './step-picture.js';

const FILE = 'look.onnx';
const CHANNELS = 3;

/** What is seen of an impact by looking at it. */
export interface Look {
  /** Probabilities. */
  readonly material: Float32Array;
  /** Probabilities. */
  readonly action: Float32Array;
  /** x and y, 0–1 from the left upper corner of the picture. */
  readonly position: readonly [x: number, y: number];
}

/** The network that looks closely at what is hit: at pictures before, at and after an impact. */
export class LookNetwork implements AsyncDisposable {
  readonly #model: LoadedModel;

  private constructor(model: LoadedModel) {
    this.#model = model;
  }

  /**
   * Loads the network, where the model has one.
   *
   * @param side Pixels of a side of the pictures.
   * @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws.
   */
  static async open(
    { lookMoments, materials, actions }: FoleyParameters,
    side: number,
    model: ModelFiles,
    pool: AdapterPool,
  ): Promise<LookNetwork | undefined> {
    const file = fileOf(model);
    if (file === undefined) return undefined;
    const floats = (name: string, count: number) => ({ name, type: 'float32' as const, shape: [1, count] });
    const loaded = await pool.load({
      id: `${model.id}/look`,
      path: file.path,
      ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
      contract: {
        inputs: [
          { name: 'pictures', type: 'uint8', shape: [1, CHANNELS * lookMoments.length, side, side] },
          floats('given', 2),
        ],
        outputs: [floats('material', materials.length), floats('action', actions.length), floats('position', 2)],
      },
    });
    return new LookNetwork(loaded);
  }

  /**
   * Looks at an impact.
   *
   * @param pictures At the moments that the model asks for.
   * @param position Where it is, roughly: x and y, 0–1.
   * @throws VitascopeError what `LoadedModel.run` throws.
   */
  async look(
    pictures: readonly StepPicture[],
    position: readonly [x: number, y: number],
    signal?: AbortSignal,
  ): Promise<Look> {
    const given = inlineTensor('float32', [1, 2], Float32Array.from(position));
    const { outputs } = await this.#model.run(
      { pictures: stackedPictures(pictures), given },
      { outputs: { material: 'inline', action: 'inline', position: 'inline' }, signal },
    );
    const values = (name: keyof Look): Float32Array => outputs[name].data as Float32Array;
    const [x = 0.5, y = 0.5] = values('position');
    return { material: values('material'), action: values('action'), position: [x, y] };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#model.close();
  }
}

function fileOf(model: ModelFiles): ReturnType<ModelFiles['file']> | undefined {
  try {
    return model.file(FILE);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return undefined;
    throw error;
  }
}
