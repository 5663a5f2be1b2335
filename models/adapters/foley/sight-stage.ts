import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { type PlaneType, pictureInput, toRgb } from '../picture/picture-input.js';
import { resize } from '../picture/resize-picture.js';

/**
 * Pixels on each axis that are averaged in the end. `area` is a triangle twice as wide as an area; before averages of four it is so narrow that the whole is nearly
 * the area that the training's pictures were averaged over.
 */
const FINE = 4;

/**
 * The graph before the network: a picture, squeezed to a square by averaging areas.
 *
 * Inputs: those of `pictureFeeds`. Output: `output`, uint8 `[1, 3, side, side]`, RGB.
 *
 * @returns Bytes of an ONNX file.
 */
export function sightStage(output: string, planes: PlaneType, side: number): Uint8Array {
  const graph = new GraphBuilder('sight');
  const size = graph.ints([2], [FINE * side, FINE * side]);
  const small = (plane: Value): Value => {
    const fine = resize(graph, plane, size, { interpolation: 'area' });
    return graph.node('AveragePool', [fine], { kernel_shape: [FINE, FINE], strides: [FINE, FINE] });
  };
  const picture = pictureInput(graph, planes);
  const shrunk = graph.node('Concat', [picture.y, picture.cb, picture.cr].map(small), { axis: 1 });
  const rgb = toRgb(graph, shrunk, picture.toRgb);
  graph.output(output, graph.cast(graph.node('Round', [rgb]), 'uint8'), 'uint8', [1, 3, side, side]);
  return graph.build();
}
