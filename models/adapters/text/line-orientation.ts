import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { GraphStage } from '../../model-source.js';
import { GraphBuilder } from '../../onnx/graph-builder.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { unknownFamily } from '../unknown-family.js';
import { LineNetwork } from './line-network.js';
import { lyingQuad, type Quad, turnedQuad } from './quad.js';

export interface LineOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Tells lines of text that stand on their heads. */
export interface LineOrientation extends AsyncDisposable {
  /**
   * For each line the probability that it stands on its head, 0–1. Narrow and high quadrangles count as text that runs down. The
   * frame stays the caller's and must stay open until the promise settles.
   *
   * @throws VitascopeError what `LoadedModel.run` throws; `INFERENCE_INPUT` for a quadrangle that is none; the signal's reason.
   */
  classify(frame: VideoFrame, quads: readonly Quad[], options?: LineOptions): Promise<readonly number[]>;

  /** The quadrangles with those turned whose probability is at least the model's threshold, so that text begins at the first corner. */
  upright(frame: VideoFrame, quads: readonly Quad[], options?: LineOptions): Promise<readonly Quad[]>;
}

/** What PaddleOCR asks for before it turns a line. */
const THRESHOLD = 0.9;

/**
 * Opens a model of the family `line-orientation`.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
 */
export async function openLineOrientation(model: ModelFiles, pool: AdapterPool): Promise<LineOrientation> {
  const who = `openLineOrientation(${model.id})`;
  const { family, adapter } = model.entry;
  if (family !== 'line-orientation') throw unknownFamily(who, model, ['line-orientation']);
  const after = (output: string): GraphStage[] => [orientationStage(output, adapter.activation === 'softmax')];
  const network = await LineNetwork.open(who, model, pool, { after });
  const classify: LineOrientation['classify'] = (frame, quads, { signal } = {}) =>
    network.run(
      frame,
      quads,
      {},
      (outputs) => [...((outputs.upsideDown as InlineTensor).data as Float32Array)],
      signal,
    );
  return {
    classify,
    upright: async (frame, quads, options) => {
      const turned = await classify(frame, quads, options);
      return quads
        .map(lyingQuad)
        .map((quad, i) => ((turned[i] ?? 0) >= (adapter.score ?? THRESHOLD) ? turnedQuad(quad) : quad));
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** `[N, 2]` → `upsideDown`, float32 `[N]`. */
function orientationStage(output: string, logits: boolean): GraphStage {
  const graph = new GraphBuilder('orientation');
  const scores = graph.input(output, 'float32', ['N', 2]);
  const probabilities = logits ? graph.node('Softmax', [scores], { axis: 1 }) : scores;
  graph.output('upsideDown', graph.reshape(graph.slice(probabilities, 1, 1, 2), [-1]), 'float32', ['N']);
  return { id: 'orientation', model: graph.build() };
}
