import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterParameters } from '../../../models/catalog/adapter-parameters.js';
import type { ModelTask } from '../../../models/catalog/families.js';
import { GraphBuilder, type Value } from '../../../models/onnx/graph-builder.js';
import type { ModelFinder } from '../../../operators/library-model.js';
import { VitascopeError } from '../../../pipeline/errors.js';

/** A model of a {@link TinyLibrary}. */
export interface TinyModel {
  readonly task: ModelTask;
  readonly family?: string;
  readonly adapter?: AdapterParameters;
  readonly bytes: Uint8Array;
}

/** A folder of made-up models that operators can find by their ids. */
export class TinyLibrary implements ModelFinder {
  readonly #models: Readonly<Record<string, TinyModel>>;
  #folder: string | undefined;

  constructor(models: Readonly<Record<string, TinyModel>>) {
    this.#models = models;
  }

  async find(id: string) {
    const model = this.#models[id];
    if (model === undefined) throw new VitascopeError('MODEL_NOT_FOUND', `there is no model "${id}"`);
    this.#folder ??= await mkdtemp(join(tmpdir(), 'vitascope-tiny-'));
    const path = join(this.#folder, `${id}.onnx`);
    await writeFile(path, model.bytes);
    const { task, family = 'image-to-image', adapter = {} } = model;
    return { id, entry: { task, family, adapter }, file: () => ({ path, sha256: undefined }) };
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }
}

/** RGB 0–255 of any size → its negative. */
export function negative(): Uint8Array {
  return network(1, (graph, image) => graph.node('Sub', [graph.scalar(255), image]));
}

/** RGB 0–255 of any size → the same, each pixel `scale` times as wide and high. */
export function repeated(scale: number): Uint8Array {
  return network(scale, (graph, image) => {
    const scales = graph.floats([4], [1, 1, scale, scale]);
    return graph.node('Resize', [image, undefined, scales], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
  });
}

function network(scale: number, work: (graph: GraphBuilder, image: Value) => Value): Uint8Array {
  const graph = new GraphBuilder('tiny');
  const image = graph.input('image', 'float32', ['N', 3, 'h', 'w']);
  const out = scale === 1 ? ['h', 'w'] : ['H', 'W'];
  graph.output('result', work(graph, image), 'float32', ['N', 3, ...out]);
  return graph.build();
}
