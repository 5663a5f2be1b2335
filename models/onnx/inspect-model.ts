import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VitascopeError } from '../../pipeline/errors.js';
import type { TensorSpec, TensorType } from '../tensor.js';
import { checkExternalFiles } from './external-data.js';
import { decodeModel, elementTypes, type GraphProto, type ModelProto, type ValueInfoProto } from './model-proto.js';
import { visitGraphs } from './visit-graphs.js';

/** What a model file may be before the runtime sees it. */
export interface ModelLimits {
  /** Bytes of the `.onnx` file; at most, and by default, 2 GiB − 1, which is what the format can hold. */
  readonly maxFileBytes?: number | undefined;
  /** Bytes of the weights beside it, all together. Default 16 GiB. */
  readonly maxExternalBytes?: number | undefined;
  /** Nodes, those of inner graphs included. Default 200,000. */
  readonly maxNodes?: number | undefined;
  /** Operators of other domains than ONNX's own and the runtime's. Default false. */
  readonly allowCustomOps?: boolean | undefined;
}

/** What a model file says of itself. */
export interface ModelInspection {
  /** Without those that have a value in the file. A shape of a type that no {@link TensorSpec} has is left out, and so is what is no tensor. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Version of the standard operators. */
  readonly opset: number;
  readonly irVersion: number;
  /** Who wrote the file, such as `pytorch 2.1`. */
  readonly producer: string;
  readonly nodes: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Files with weights, relative to the model. */
  readonly externalFiles: readonly string[];
  /** What the maker wrote into the file beside the graph. */
  readonly metadata: Readonly<Record<string, string>>;
}

const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_EXTERNAL_BYTES = 2 ** 34;
const MAX_NODES = 200_000;

const typeNames = new Map(Object.entries(elementTypes).map(([name, id]) => [id as number, name as TensorType]));

/** Domains of operators that the runtime has built in. */
const knownDomains = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);

/**
 * Reads a model file as untrusted input, before the runtime may: its form, its size, where its weights lie, which operators it wants.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND` when there is no such file; `MODEL_INVALID` when it is no ONNX file, is larger than the limits,
 * keeps weights outside its folder, or wants operators that the runtime does not have built in.
 */
export async function inspectModel(path: string, limits: ModelLimits = {}): Promise<ModelInspection> {
  const bytes = await fileBytes(path, Math.min(limits.maxFileBytes ?? MAX_FILE_BYTES, MAX_FILE_BYTES));
  const model = decode(path, await readFile(path));
  const graph = model.graph;
  if (graph === undefined || (graph.output ?? []).length === 0) throw invalid(path, 'holds no graph with outputs');
  const contents = visitGraphs(model);
  const maxNodes = limits.maxNodes ?? MAX_NODES;
  if (contents.nodes > maxNodes) throw invalid(path, `has ${contents.nodes} nodes, at most ${maxNodes} are allowed`);
  if (limits.allowCustomOps !== true) refuseCustomOps(path, model, contents.operators);
  const maxBytes = limits.maxExternalBytes ?? MAX_EXTERNAL_BYTES;
  const externalFiles = await checkExternalFiles(path, dirname(path), contents.external, maxBytes);
  return {
    ...interfaceOf(graph),
    opset: model.opsetImport?.find(({ domain }) => (domain ?? '') === '')?.version ?? 0,
    irVersion: model.irVersion ?? 0,
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    nodes: contents.nodes,
    bytes,
    externalFiles,
    metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? ''])),
  };
}

async function fileBytes(path: string, maxBytes: number): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new VitascopeError('MODEL_NOT_FOUND', `inspectModel: there is no file ${path}`, { context: { path } });
  }
  if (found.size === 0) throw invalid(path, 'is empty');
  if (found.size > maxBytes) throw invalid(path, `has ${found.size} bytes, at most ${maxBytes} are allowed`);
  return found.size;
}

function decode(path: string, data: Uint8Array): ModelProto {
  try {
    return decodeModel(data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(path, `is no ONNX file, or a damaged one (${reason})`, cause);
  }
}

function refuseCustomOps(path: string, model: ModelProto, operators: ReadonlyMap<string, string>): void {
  const own = new Set(model.functions?.map(({ domain }) => domain ?? ''));
  for (const [domain, operator] of operators) {
    if (knownDomains.has(domain) || own.has(domain)) continue;
    throw invalid(path, `wants the operator ${domain}.${operator}, which is not one of the runtime's own`);
  }
}

function interfaceOf(graph: GraphProto): Pick<ModelInspection, 'inputs' | 'outputs'> {
  const withValue = new Set(graph.initializer?.map(({ name }) => name));
  return {
    inputs: (graph.input ?? []).filter(({ name }) => !withValue.has(name)).flatMap(toSpec),
    outputs: (graph.output ?? []).flatMap(toSpec),
  };
}

function toSpec({ name, type }: ValueInfoProto): TensorSpec[] {
  const elementType = typeNames.get(type?.tensorType?.elemType ?? 0);
  if (elementType === undefined) return [];
  const dims = type?.tensorType?.shape?.dim ?? [];
  const shape = dims.map(({ dimValue, dimParam }) => dimParam || dimValue || '?');
  return [{ name: name ?? '', type: elementType, shape }];
}

function invalid(path: string, why: string, cause?: unknown): VitascopeError {
  return new VitascopeError('MODEL_INVALID', `model file ${path} ${why}`, { context: { path }, cause });
}
