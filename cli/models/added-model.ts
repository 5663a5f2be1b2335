import type { AdapterParameters } from '../../models/catalog/adapter-parameters.js';
import { bindContract } from '../../models/catalog/bind-contract.js';
import type { CatalogContract } from '../../models/catalog/catalog-entry.js';
import {
  familiesOf,
  isModelFamily,
  isModelTask,
  type ModelFamily,
  type ModelTask,
  modelTasks,
} from '../../models/catalog/families.js';
import { findCatalogEntry } from '../../models/catalog/load-catalog.js';
import type { ModelContract } from '../../models/model-contract.js';
import type { TensorSpec } from '../../models/tensor.js';
import { VitascopeError } from '../../pipeline/index.js';
import { checkImage, fixedSize, imageType } from './image-tensor.js';
import { IMAGE_SPEC, type ImageSpec, parseImageSpec } from './parse-image-spec.js';

/** What a person says of a model of their own. */
export interface AddedModelFlags {
  readonly like?: string;
  readonly task?: string;
  readonly family?: string;
  readonly input?: string;
  readonly output?: string;
}

/** How a model of one's own is to be read. */
export interface AddedModel {
  readonly task: ModelTask;
  readonly family: ModelFamily;
  readonly contract: Record<string, CatalogContract>;
  readonly adapter: AdapterParameters;
}

/**
 * Joins what a person says of a model with what its file says.
 *
 * @param graphs What the `.onnx` files say, by their names in the library (`model.onnx` where there is one).
 * @throws VitascopeError `OPTION_INVALID` when something is missing or contradicts the file; `MODEL_INVALID` when the file is not like the
 * model that it should be like; `MODEL_NOT_FOUND` when there is no such model.
 */
export function describeAddedModel(flags: AddedModelFlags, graphs: ReadonlyMap<string, ModelContract>): AddedModel {
  return flags.like === undefined ? fromSpecs(flags, graphs) : fromPattern(flags.like, flags, graphs);
}

function fromPattern(like: string, flags: AddedModelFlags, graphs: ReadonlyMap<string, ModelContract>): AddedModel {
  const pattern = findCatalogEntry(like);
  for (const [name, contract] of Object.entries(pattern.contract)) {
    const graph = graphs.get(name);
    if (graph === undefined) {
      throw wrong(`--like ${like}: that model has ${Object.keys(pattern.contract).join(', ')}; ${name} was not given`);
    }
    bindContract(`models add --like ${like}, ${name}`, contract, graph);
  }
  const { task, family, contract } = pattern;
  if (flags.task !== undefined && flags.task !== task)
    throw wrong(`--like ${like} has the task ${task}, got --task ${flags.task}`);
  if (flags.family !== undefined && flags.family !== family)
    throw wrong(`--like ${like} has the family ${family}, got --family ${flags.family}`);
  const adapter = { ...pattern.adapter, ...imageParameters(flags, graphs, pattern.adapter) };
  return { task, family, contract, adapter };
}

function fromSpecs(flags: AddedModelFlags, graphs: ReadonlyMap<string, ModelContract>): AddedModel {
  const task = taskOf(flags);
  const family = familyOf(task, flags.family);
  if (flags.input === undefined)
    throw wrong(`say how the model wants its image, --input ${IMAGE_SPEC}, or which model it is like, --like ID`);
  if (family === 'image-to-image' && flags.output === undefined) {
    throw wrong(`a model of the family ${family} gives an image: say how, --output ${IMAGE_SPEC}`);
  }
  if (graphs.size !== 1)
    throw wrong(`with --input there must be one .onnx file, got ${graphs.size}; give --like ID for others`);
  const contract = Object.fromEntries([...graphs].map(([name, graph]) => [name, contractOf(graph)]));
  const adapter = imageParameters(flags, graphs);
  if (task === 'upscale' && (adapter.scale ?? 1) === 1) {
    throw wrong('say how much larger the picture becomes, as --output image:…:scale=4');
  }
  return { task, family, contract, adapter };
}

function taskOf({ task }: AddedModelFlags): ModelTask {
  if (task !== undefined && isModelTask(task)) return task;
  throw wrong(`--task must be one of ${modelTasks.join(', ')}${task === undefined ? '' : `, got "${task}"`}`);
}

function familyOf(task: ModelTask, family: string | undefined): ModelFamily {
  const families = familiesOf(task);
  const [only] = families;
  if (family === undefined && families.length === 1 && only !== undefined) return only;
  if (family === undefined && families.includes('image-to-image') && task !== 'colorize') return 'image-to-image';
  if (family !== undefined && isModelFamily(family) && families.includes(family)) return family;
  throw wrong(
    `--family must be one of ${families.join(', ')} for the task ${task}${family === undefined ? '' : `, got "${family}"`}`,
  );
}

function contractOf({ inputs, outputs }: ModelContract): CatalogContract {
  const tensor = ({ name, type, shape }: TensorSpec): CatalogContract['inputs'][number] => ({
    name,
    type,
    shape: [...shape],
  });
  return { inputs: inputs.map(tensor), outputs: outputs.map(tensor) };
}

/** The parameters that the descriptions of the images give, checked against the first input and output of the file. */
function imageParameters(
  { input, output }: AddedModelFlags,
  graphs: ReadonlyMap<string, ModelContract>,
  pattern: AdapterParameters = {},
): AdapterParameters {
  const [graph] = graphs.values();
  const taken = input === undefined ? undefined : parseImageSpec('--input', input);
  const given = output === undefined ? undefined : parseImageSpec('--output', output);
  const first = graph?.inputs[0];
  if (taken !== undefined && first !== undefined) checkImage('--input', taken, first);
  if (given !== undefined && graph?.outputs[0] !== undefined) checkImage('--output', given, graph.outputs[0]);
  return {
    ...(taken !== undefined && inputParameters(taken, first)),
    ...(given !== undefined && outputParameters(given, graph, pattern)),
  };
}

function inputParameters({ scale: _, ...spec }: ImageSpec, tensor: TensorSpec | undefined): AdapterParameters {
  const dtype = imageType(tensor);
  const size = spec.size ?? fixedSize(spec, tensor);
  return { ...spec, ...(size !== undefined && { size }), ...(dtype !== undefined && { dtype }) };
}

function outputParameters(
  spec: ImageSpec,
  graph: ModelContract | undefined,
  pattern: AdapterParameters,
): AdapterParameters {
  const { layout, channels, range, mean, std } = spec;
  const type = imageType(graph?.outputs[0]);
  const dtype = type === 'int32' ? undefined : type;
  return {
    scale: spec.scale ?? pattern.scale ?? scaleOf(spec, graph),
    output: { layout, channels, range, ...(mean && { mean }), ...(std && { std }), ...(dtype && { dtype }) },
  };
}

/** How much larger the output is, where the file fixes both sizes. */
function scaleOf(spec: ImageSpec, graph: ModelContract | undefined): number {
  const [before] = fixedSize(spec, graph?.inputs[0]) ?? [];
  const [after] = fixedSize(spec, graph?.outputs[0]) ?? [];
  return before !== undefined && after !== undefined && after % before === 0 ? after / before : 1;
}

function wrong(message: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `models add: ${message}`);
}
