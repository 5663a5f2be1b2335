import { createHash } from 'node:crypto';

/**
 * A small graph that runs before or after a model, in the same request: preparation of its inputs, decoding of its outputs.
 * Stages are connected by the names of tensors, and run on the CPU.
 */
export interface GraphStage {
  /** Name for messages, such as `letterbox`. */
  readonly id: string;
  /** The bytes of an ONNX file without external data. They must not change. */
  readonly model: Uint8Array;
}

/** Tells stages apart by what they are called and hold. */
export function stagesKey(stages: readonly GraphStage[]): readonly string[] {
  return stages.map(({ id, model }) => `${id}:${createHash('sha256').update(model).digest('hex')}`);
}

/** Stages as they cross to a worker: without what else lies in the buffers around them. */
export function ownStages(stages: readonly GraphStage[] = []): readonly GraphStage[] {
  return stages.map(({ id, model }) => ({ id, model: new Uint8Array(model) }));
}
