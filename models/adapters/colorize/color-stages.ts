import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import type { TensorSpec } from '../../tensor.js';
import { fromModelImage, type ImageFormat, toModelImage } from '../picture/model-image.js';
import { resize } from '../picture/resize-picture.js';
import { labToRgb, lightness, rgbToCbCr } from './lab.js';

/** What a colour network is shown, and what it answers. */
export interface ColorNetworkKind {
  /** `grey`: R' = G' = B' = luma. `lightness`: L*. */
  readonly shown: 'grey' | 'lightness';
  /** `ab`: a* and b*, in their own units. `rgb`: a picture, of which the chroma counts. */
  readonly answer: 'ab' | 'rgb';
}

/**
 * The graph before a colour network. Input: `sight`, float32 `[1, 1, S, S]`, luma 0–1. Outputs: the network's inputs. The first is the picture;
 * further ones (hints of colour and where they are) are zeros, which means that there are none.
 *
 * @returns Bytes of an ONNX file.
 */
export function sightStage(
  { shown }: ColorNetworkKind,
  inputs: readonly TensorSpec[],
  parameters: AdapterParameters,
): Uint8Array {
  const graph = new GraphBuilder('sight');
  const sight = graph.input('sight', 'float32', [1, 1, 'S', 'S']);
  for (const [index, { name, type, shape }] of inputs.entries()) {
    const channels = typeof shape[1] === 'number' ? shape[1] : index === 1 ? 2 : 1;
    if (index > 0) graph.output(name, graph.cast(zeros(graph, sight, channels), type), type, [1, channels, 'S', 'S']);
    else if (shown === 'lightness') {
      graph.output(name, graph.cast(affineLightness(graph, sight, parameters), type), type, [1, 1, 'S', 'S']);
    } else {
      const format = formatOf(parameters, type);
      const grey = graph.node('Mul', [graph.node('Concat', [sight, sight, sight], { axis: 1 }), graph.scalar(255)]);
      graph.output(name, toModelImage(graph, grey, format), type, axes(format, 3));
    }
  }
  return graph.build();
}

/**
 * The graph after a colour network. Inputs: its answer, and `thumb`, float32 `[1, 1, h, w]`, luma 0–1, of even sides. Output: `cbcr`, float32
 * `[1, 2, h/2, w/2]`, offsets from neutral in 8-bit full-range BT.601 codes.
 *
 * @returns Bytes of an ONNX file.
 */
export function colorsStage(
  { answer }: ColorNetworkKind,
  { name, type }: TensorSpec,
  parameters: AdapterParameters,
): Uint8Array {
  const graph = new GraphBuilder('colors');
  const format = formatOf({ ...parameters, ...parameters.output }, type);
  const given = graph.input(name, type, axes(format, answer === 'ab' ? 2 : 3));
  const thumb = graph.input('thumb', 'float32', [1, 1, 'h', 'w']);
  const luma = graph.node('AveragePool', [thumb], { kernel_shape: [2, 2], strides: [2, 2] });
  const size = graph.node('Shape', [luma], { start: 2, end: 4 });
  const cbcr =
    answer === 'ab' ? ofAb(graph, graph.cast(given, 'float32'), luma, size) : ofRgb(graph, given, format, size);
  graph.output('cbcr', cbcr, 'float32', [1, 2, 'hHalf', 'wHalf']);
  return graph.build();
}

/** Colours at the size that is wanted, on the lightness that is there. */
function ofAb(graph: GraphBuilder, ab: Value, luma: Value, size: Value): Value {
  const colors = resize(graph, ab, size, { antialias: true });
  return rgbToCbCr(graph, labToRgb(graph, lightness(graph, luma), colors));
}

function ofRgb(graph: GraphBuilder, image: Value, format: ImageFormat, size: Value): Value {
  const rgb = graph.node('Mul', [fromModelImage(graph, image, format), graph.scalar(1 / 255)]);
  return resize(graph, rgbToCbCr(graph, rgb), size, { antialias: true });
}

function affineLightness(graph: GraphBuilder, sight: Value, { range, mean, std }: AdapterParameters): Value {
  const [low, high] = range ?? [0, 100];
  const gain = (high - low) / 100 / (std?.[0] ?? 1);
  const offset = (low - (mean?.[0] ?? 0)) / (std?.[0] ?? 1);
  const scaled = graph.node('Mul', [lightness(graph, sight), graph.scalar(gain)]);
  return graph.node('Add', [scaled, graph.scalar(offset)]);
}

function zeros(graph: GraphBuilder, sight: Value, channels: number): Value {
  const none = graph.node('Mul', [sight, graph.scalar(0)]);
  return channels === 1 ? none : graph.node('Concat', Array<Value>(channels).fill(none), { axis: 1 });
}

function formatOf({ layout, channels, range, mean, std }: AdapterParameters, dtype: TensorSpec['type']): ImageFormat {
  return {
    dtype,
    channels: channels === 'BGR' ? 'BGR' : 'RGB',
    ...(layout === undefined ? {} : { layout }),
    ...(range === undefined ? {} : { range }),
    ...(mean === undefined ? {} : { mean }),
    ...(std === undefined ? {} : { std }),
  };
}

function axes({ layout }: ImageFormat, channels: number): readonly (number | string)[] {
  return layout === 'NHWC' ? [1, 'S', 'S', channels] : [1, channels, 'S', 'S'];
}
