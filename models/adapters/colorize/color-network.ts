import { VitascopeError } from '../../../pipeline/errors.js';
import type { LoadOptions } from '../../inference-pool.js';
import type { ModelSource } from '../../model-source.js';
import { describeTensor, type TensorSpec } from '../../tensor.js';
import type { ModelFiles } from '../adapter.js';
import { loadOptionsFor } from '../heavy-model.js';
import { imageSelfTest } from '../picture/image-self-test.js';
import { modelTensors } from '../picture/model-tensors.js';
import { unknownFamily } from '../unknown-family.js';
import { type ColorNetworkKind, colorsStage, sightStage } from './color-stages.js';

/**
 * A network that colours a picture, in the terms of `colorize`. With the graphs around it, it takes
 *
 * - `sight`, float32 `[1, 1, S, S]`: luma of the picture, full range, 0–1, stretched to a square;
 * - `thumb`, float32 `[1, 1, h, w]`, even sides: luma of the picture in its own shape;
 *
 * and gives `cbcr`, float32 `[1, 2, h/2, w/2]`: Cb and Cr as offsets from neutral in 8-bit full-range BT.601 codes.
 */
export interface ColorNetwork {
  readonly source: ModelSource;
  /** A heavy model is loaded by one worker only. */
  readonly load: LoadOptions;
  /** The side S that it is shown for a wish in pixels: the nearest that it takes. Without a wish: its usual one. */
  sideFor(wanted?: number): number;
}

const kinds: Readonly<Record<string, ColorNetworkKind>> = {
  ddcolor: { shown: 'grey', answer: 'ab' },
  deoldify: { shown: 'grey', answer: 'rgb' },
  'image-to-image': { shown: 'grey', answer: 'rgb' },
  eccv16: { shown: 'lightness', answer: 'ab' },
  siggraph17: { shown: 'lightness', answer: 'ab' },
};

/** Sides of networks of free size whose entry tells nothing. */
const USUAL_SIDE = 256;

/**
 * Puts the graphs around a colour network that turn a picture into what its family is shown, and its answer into chroma: Lab by the formulas of the
 * CIE on sRGB with D65, clipped to what sRGB has. Nothing is loaded yet; the file is read for the names, types and sizes of its tensors.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` for another family, or a file that is not what its family says.
 * @see Kang et al., DDColor, 2023; Antic, DeOldify; Zhang, Isola and Efros, Colorful Image Colorization, 2016; Zhang et al., Real-Time
 * User-Guided Image Colorization, 2017
 */
export async function openColorNetwork(model: ModelFiles): Promise<ColorNetwork> {
  const kind = kinds[model.entry.family];
  if (kind === undefined) throw unknownFamily('colorize', model, Object.keys(kinds));
  const { adapter } = model.entry;
  const { path, sha256 } = model.file();
  const { inputs, outputs } = await modelTensors('colorize', model);
  const input = image(model.id, 'input', inputs[0]);
  const output = image(model.id, 'output', outputs[0]);
  const source: ModelSource = {
    id: model.id,
    path,
    ...(sha256 === undefined ? {} : { sha256 }),
    selfTest: imageSelfTest(input, adapter),
    before: [{ id: 'sight', model: sightStage(kind, inputs, adapter) }],
    after: [{ id: 'colors', model: colorsStage(kind, output, adapter) }],
  };
  const fixed = input.shape[adapter.layout === 'NHWC' ? 1 : 2];
  const sideFor = (wanted?: number): number => (typeof fixed === 'number' ? fixed : freeSide(adapter, wanted));
  return { source, load: await loadOptionsFor(path), sideFor };
}

function freeSide(adapter: ModelFiles['entry']['adapter'], wanted: number | undefined): number {
  const { size, sizeRange, multipleOf = 1 } = adapter;
  const usual = size?.[0] ?? USUAL_SIDE;
  if (wanted === undefined) return usual;
  if (multipleOf === 1 && sizeRange === undefined) return size === undefined ? wanted : usual;
  const [least, most] = sizeRange ?? [multipleOf, Number.POSITIVE_INFINITY];
  const nearest = Math.round(wanted / multipleOf) * multipleOf;
  const smallest = Math.ceil(least / multipleOf) * multipleOf;
  return Math.min(Math.max(nearest, smallest), Math.floor(most / multipleOf) * multipleOf);
}

function image(id: string, side: 'input' | 'output', spec: TensorSpec | undefined): TensorSpec {
  if (spec?.shape.length === 4) return spec;
  const got = spec === undefined ? 'none' : `"${spec.name}" ${describeTensor(spec)}`;
  throw new VitascopeError('MODEL_INVALID', `colorize: the ${side} of model ${id} must have four axes, it has ${got}`, {
    context: { id, side },
  });
}
