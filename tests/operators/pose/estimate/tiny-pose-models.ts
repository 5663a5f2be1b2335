import { findCatalogEntry } from '../../../../models/catalog/load-catalog.js';
import { GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';
import { brightSpot } from '../../../models/adapters/tiny-models.js';
import type { TinyModel } from '../../image/tiny-models.js';

const SIDE = 256;
const PEOPLE = 6;
const ROW = 56;

/** Sees one person, all of whom is where the picture is brightest. */
export function spotPose(): TinyModel {
  const graph = new GraphBuilder('spot-pose');
  const { x, y } = brightSpot(graph, 'int32', [1, SIDE, SIDE, 3]);
  const unit = (value: Value): Value => graph.node('Div', [value, graph.scalar(SIDE)]);
  const keypoint = graph.node('Concat', [unit(y), unit(x), graph.floats([1, 1], [0.9])], { axis: 1 });
  const box = [y, x, y, x].map((value, i) => graph.node('Add', [unit(value), graph.scalar(i < 2 ? -0.05 : 0.05)]));
  const person = graph.node('Concat', [...new Array<Value>(17).fill(keypoint), ...box, graph.floats([1, 1], [0.8])], {
    axis: 1,
  });
  const nobody = graph.floats([PEOPLE - 1, ROW], new Array<number>((PEOPLE - 1) * ROW).fill(0));
  const all = graph.node('Concat', [person, nobody], { axis: 0 });
  graph.output('people', graph.reshape(all, [1, PEOPLE, ROW]), 'float32', [1, PEOPLE, ROW]);
  const { family, adapter } = findCatalogEntry('movenet-multipose');
  return { task: 'pose', family, adapter, bytes: graph.build() };
}

/** RTMPose of a few bytes: sees each person where their crop is brightest. */
export function spotCrop(adapter: TinyModel['adapter'] = {}): TinyModel {
  const graph = new GraphBuilder('spot-crop');
  const { x, y } = brightSpot(graph, 'float32', ['batch', 3, 256, 192]);
  const peak = (at: Value, bins: number): Value => {
    const places = graph.floats(
      [1, bins],
      Array.from({ length: bins }, (_, i) => i / 2 + 0.5),
    );
    const off = graph.node('Abs', [graph.node('Sub', [places, at])]);
    const hill = graph.node('Mul', [graph.node('Exp', [graph.node('Neg', [off])]), graph.scalar(0.8)]);
    const one = graph.node('Unsqueeze', [hill, graph.ints([1], [1])]);
    return graph.node('Concat', new Array<Value>(17).fill(one), { axis: 1 });
  };
  graph.output('simcc_x', peak(x, 384), 'float32', ['batch', 17, 384]);
  graph.output('simcc_y', peak(y, 512), 'float32', ['batch', 17, 512]);
  const { detector: _, ...rtmpose } = findCatalogEntry('rtmpose-s').adapter;
  return { task: 'pose', family: 'rtmpose', adapter: { ...rtmpose, ...adapter }, bytes: graph.build() };
}

/** Embeds a crop as its mean colours. */
export function meanColor(): TinyModel {
  const graph = new GraphBuilder('mean-color');
  const image = graph.input('image', 'float32', ['batch', 3, 256, 128]);
  const mean = graph.node('ReduceMean', [image, graph.ints([2], [2, 3])], { keepdims: 0 });
  graph.output('embedding', mean, 'float32', ['batch', 3]);
  return {
    task: 'embed',
    family: 'image-embed',
    adapter: findCatalogEntry('osnet-x0.25-msmt17').adapter,
    bytes: graph.build(),
  };
}

/** Finds one person around where the picture is brightest. */
export function spotDetector(): TinyModel {
  const graph = new GraphBuilder('spot-detector');
  const { x, y } = brightSpot(graph, 'float32', [1, 3, 320, 320]);
  const edge = (value: Value, by: number): Value => graph.node('Add', [value, graph.scalar(by)]);
  const parts = [edge(x, -40), edge(y, -40), edge(x, 40), edge(y, 40), graph.floats([1, 1], [0.9])];
  const box = graph.node('Concat', parts, { axis: 1 });
  graph.output('dets', graph.reshape(box, [1, 1, 5]), 'float32', [1, 'n', 5]);
  const { family, adapter } = findCatalogEntry('rtmdet-nano-person');
  return { task: 'detect', family, adapter, bytes: graph.build() };
}
