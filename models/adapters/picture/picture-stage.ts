import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { type ImageFormat, toModelImage } from './model-image.js';
import { type PictureInput, type PlaneType, pictureInput } from './picture-input.js';
import { type Interpolation, pad, resizePicture } from './resize-picture.js';

/** How a whole picture comes to a network. */
export interface PictureStageOptions extends ImageFormat {
  /** Name of the network's input. */
  readonly output: string;
  readonly planes: PlaneType;
  /** Value of the margins, 0–255; they take part in mean and standard deviation as a picture of that value would. Default 0. */
  readonly pad?: number;
  readonly interpolation?: Interpolation;
  readonly antialias?: boolean;
}

/**
 * The graph before most networks: a picture, laid onto the network's canvas, in the network's format.
 *
 * Inputs: those of `pictureInput` and `placementFeeds`. Output: the network's input under its name.
 *
 * @returns Bytes of an ONNX file.
 */
export function pictureStage(options: PictureStageOptions): Uint8Array {
  const graph = new GraphBuilder('picture');
  const picture = pictureInput(graph, options.planes);
  const image = placedPicture(graph, picture, options);
  const { layout = 'NCHW', channels = 'RGB', dtype = 'float32' } = options;
  const count = channels === 'gray' ? 1 : 3;
  const shape = layout === 'NCHW' ? [1, count, 'h', 'w'] : [1, 'h', 'w', count];
  graph.output(options.output, toModelImage(graph, image, options), dtype, shape);
  return graph.build();
}

function placedPicture(graph: GraphBuilder, picture: PictureInput, options: PictureStageOptions): Value {
  const inner = graph.input('innerSize', 'int64', [2]);
  const margins = graph.input('margins', 'int64', [4]);
  const resized = resizePicture(graph, picture, inner, options);
  return pad(graph, resized, margins, options.pad ?? 0);
}
