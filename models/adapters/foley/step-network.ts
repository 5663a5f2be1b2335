import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { LoadedModel } from '../../loaded-model.js';
import { checkContract, type ModelContract } from '../../model-contract.js';
import { elementCount, type InlineTensor, type SharedTensor, type TensorSpec } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { modelTensors } from '../picture/model-tensors.js';
import { PictureNetwork } from '../picture/picture-network.js';
import { type FoleyParameters, foleyParametersOf } from './foley-parameters.js';
import { sightStage } from './sight-stage.js';
import { type StepPicture, turnedPicture } from './step-picture.js';

const PICTURE = 'picture';
const NEXT = '_next';
/** As `soundFeatures` gives them. */
const FEATURES = 48;

/** What the network says at a step, of {@link FoleyParameters.lookAheadSteps} steps before. Probabilities unless told otherwise. */
export interface StepOutputs {
  /** Of an impact. */
  readonly onset: number;
  /** Steps from the step that is meant to the impact, −0.5 to 0.5. */
  readonly offset: number;
  /** 0–1. */
  readonly energy: number;
  /** x and y, 0–1 from the left upper corner of the picture as it is shown. */
  readonly position: readonly [x: number, y: number];
  readonly action: Float32Array;
  readonly material: Float32Array;
  /** 0–1, 48 of them. */
  readonly features: Float32Array;
  /** Each for itself. */
  readonly beds: Float32Array;
}

/** What a network remembers between steps, in shared memory: a step changes it. One step at a time. */
export type StepStates = Readonly<Record<string, SharedTensor>>;

/**
 * The network of the family `foley-step`, a picture at a time. It is told nothing of time: whoever calls it shows the pictures that are on the screen
 * {@link FoleyParameters.stepsPerSecond} times a second.
 */
export class StepNetwork implements AsyncDisposable {
  readonly parameters: FoleyParameters;
  /** Pixels of a side of {@link StepPicture}. */
  readonly side: number;
  readonly #states: readonly TensorSpec[];
  readonly #sight: PictureNetwork;
  readonly #step: LoadedModel;
  /** Fed where only the picture is wanted, and the network does not run. */
  readonly #unused: StepStates;

  private constructor(
    parameters: FoleyParameters,
    side: number,
    states: readonly TensorSpec[],
    sight: PictureNetwork,
    step: LoadedModel,
  ) {
    this.parameters = parameters;
    this.side = side;
    this.#states = states;
    this.#sight = sight;
    this.#step = step;
    this.#unused = this.begin();
  }

  /** Loads the network. @throws VitascopeError `MODEL_INVALID`; what `InferencePool.load` throws. */
  static async open(who: string, model: ModelFiles, pool: AdapterPool): Promise<StepNetwork> {
    const parameters = foleyParametersOf(who, model);
    const tensors = await modelTensors(who, model);
    const { picture, states } = readInputs(who, tensors);
    checkContract(who, { inputs: [picture, ...states], outputs: outputsOf(parameters, states) }, tensors);
    const side = Number(picture.shape[2]);
    const sight = await PictureNetwork.open(model, pool, { before: (planes) => sightStage(PICTURE, planes, side) });
    try {
      const { path, sha256 } = model.file();
      const step = await pool.load({ id: model.id, path, ...(sha256 === undefined ? {} : { sha256 }) });
      return new StepNetwork(parameters, side, states, sight, step);
    } catch (error) {
      await sight[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A frame as the network sees it: upright, whatever its rotation. It stays the caller's. @throws VitascopeError what `LoadedModel.run` throws. */
  async see(frame: VideoFrame, signal?: AbortSignal): Promise<StepPicture> {
    const outputs = await this.#sight.run(frame, this.#unused, { outputs: [PICTURE], signal });
    return turnedPicture(outputs[PICTURE] as StepPicture, frame.rotation);
  }

  /** What it remembers before the first picture: zeros. */
  begin(): StepStates {
    return Object.fromEntries(
      this.#states.map(({ name, shape }): [string, SharedTensor] => {
        const sizes = shape as readonly number[];
        const bytes = elementCount(sizes) * Float32Array.BYTES_PER_ELEMENT;
        return [name, { type: 'float32', shape: sizes, buffer: new SharedArrayBuffer(bytes), byteOffset: 0 }];
      }),
    );
  }

  /** Shows it the next picture. `states` belong to the run until the promise settles. @throws VitascopeError what `LoadedModel.run` throws. */
  async step(picture: StepPicture, states: StepStates, signal?: AbortSignal): Promise<StepOutputs> {
    // Feeds are copied before the graph runs, and targets are written when it has: the same memory can be both.
    const targets = Object.entries(states).map(([name, tensor]) => [`${name}${NEXT}`, tensor] as const);
    const wanted = outputNames.map((name) => [name, 'inline'] as const);
    const outputs = Object.fromEntries([...targets, ...wanted]);
    const result = await this.#step.run({ [PICTURE]: picture, ...states }, { outputs, signal });
    return readOutputs(result.outputs as Readonly<Record<string, InlineTensor>>);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#sight[Symbol.asyncDispose](), this.#step.close()]);
  }
}

function readInputs(who: string, { inputs }: ModelContract): { picture: TensorSpec; states: readonly TensorSpec[] } {
  const picture = inputs.find(({ name }) => name === PICTURE);
  const [, channels, height, width] = picture?.shape ?? [];
  if (picture?.type !== 'uint8' || channels !== 3 || typeof height !== 'number' || height !== width) {
    throw new VitascopeError('MODEL_INVALID', `${who}: the model must have an input "${PICTURE}", uint8 [1,3,S,S]`);
  }
  const states = inputs.filter(({ name }) => name !== PICTURE);
  const wrong = states.find(({ type, shape }) => type !== 'float32' || shape.some((size) => typeof size !== 'number'));
  if (wrong === undefined) return { picture, states };
  throw new VitascopeError('MODEL_INVALID', `${who}: the state "${wrong.name}" must be float32 of a fixed size`, {
    context: { input: wrong.name },
  });
}

function outputsOf(parameters: FoleyParameters, states: readonly TensorSpec[]): readonly TensorSpec[] {
  const counts = {
    ...{ onset: 1, offset: 1, energy: 1, position: 2, features: FEATURES },
    ...{ action: parameters.actions.length, material: parameters.materials.length, beds: parameters.beds.length },
  } satisfies Record<keyof StepOutputs, number>;
  return [
    ...Object.entries(counts).map(([name, count]) => ({ name, type: 'float32' as const, shape: [1, count] })),
    ...states.map((state) => ({ ...state, name: `${state.name}${NEXT}` })),
  ];
}

const outputNames = ['onset', 'offset', 'energy', 'position', 'action', 'material', 'features', 'beds'] as const;

function readOutputs(outputs: Readonly<Record<string, InlineTensor>>): StepOutputs {
  const values = (name: keyof StepOutputs): Float32Array => outputs[name]?.data as Float32Array;
  const first = (name: keyof StepOutputs): number => values(name)[0] as number;
  const [x = 0.5, y = 0.5] = values('position');
  return {
    onset: first('onset'),
    offset: first('offset'),
    energy: first('energy'),
    position: [x, y],
    action: values('action'),
    material: values('material'),
    features: values('features'),
    beds: values('beds'),
  };
}
