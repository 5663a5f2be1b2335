import { bitDepth, chromaShift, type PixelFormat } from '../../../pipeline/picture.js';
import { GraphBuilder, type Value } from '../../onnx/graph-builder.js';
import { fromModelImage, type ImageFormat, toModelImage } from '../picture/model-image.js';
import { type PictureInput, type PlaneType, pictureInput, toRgb } from '../picture/picture-input.js';
import { resize, resizePicture } from '../picture/resize-picture.js';

/**
 * How pictures come to a network and back. `whole`: resized to the size that it works at, and back. `strips`: as they are, or in strips of their full
 * width. `tiles`: in tiles, which are pasted into the rows of the output one after another.
 */
export type Passage = 'whole' | 'strips' | 'tiles';

/** What the graphs around a network depend on. */
export interface ImageStageOptions {
  readonly passage: Passage;
  readonly pixelFormat: PixelFormat;
  /** The network's input, with its name. */
  readonly input: ImageFormat & { readonly name: string };
  /** The network's output, with its name. */
  readonly output: ImageFormat & { readonly name: string };
}

/**
 * The graph before an image-to-image network: planes → its image.
 *
 * Inputs: those of `pictureInput`; `margins` int64 `[2]`: rows and columns that are added below and on the right, repeating the border. And
 * for `whole` `innerSize` int64 `[2]` (h, w), else `chromaSize` int64 `[2]`: the size of the chroma planes in luma pixels, and for `tiles`
 * `columns` and `chromaColumns` int64 `[2]`: first and end.
 *
 * @returns Bytes of an ONNX file.
 */
export function imageInputStage({ passage, pixelFormat, input }: ImageStageOptions): Uint8Array {
  const graph = new GraphBuilder('image-input');
  const picture = pictureInput(graph, planeType(pixelFormat));
  const rgb =
    passage === 'whole'
      ? resizePicture(graph, picture, graph.input('innerSize', 'int64', [2]), { antialias: true })
      : toRgb(graph, fullPlanes(graph, passage === 'tiles' ? columnsOf(graph, picture) : picture), picture.toRgb);
  const none = graph.ints([6], [0, 0, 0, 0, 0, 0]);
  const pads = graph.node('Concat', [none, graph.input('margins', 'int64', [2])], { axis: 0 });
  const padded = graph.node('Pad', [rgb, pads], { mode: 'edge' });
  const { layout = 'NCHW', channels = 'RGB', dtype = 'float32' } = input;
  const count = channels === 'gray' ? 1 : 3;
  const shape = layout === 'NCHW' ? [1, count, 'h', 'w'] : [1, 'h', 'w', count];
  graph.output(input.name, toModelImage(graph, padded, input), dtype, shape);
  return graph.build();
}

/**
 * The graph after an image-to-image network: its image → planes `outY`, `outCb`, `outCr`.
 *
 * Inputs: the image; `fromRgb` float32 `[3, 4]`, see `yuvMatrices`; `crop` int64 `[4]`: top, left, bottom, right of what is used of the image. And
 * for `whole` `outSize` int64 `[2]`, planes `originalY`, `originalCb`, `originalCr` and `strength`, a float32 scalar: the share of the image in the
 * result. For `tiles` planes `canvasY`, `canvasCb`, `canvasCr` as wide as the output and as high as the tile, and `place`, `chromaPlace` int64 `[2]`: the columns of them that are replaced.
 *
 * @returns Bytes of an ONNX file.
 */
export function imageOutputStage({ passage, pixelFormat, output }: ImageStageOptions): Uint8Array {
  const graph = new GraphBuilder('image-output');
  const type = planeType(pixelFormat);
  const image = declareImage(graph, output);
  const crop = graph.input('crop', 'int64', [4]);
  const used = cropped(graph, fromModelImage(graph, image, output), crop);
  const rgb =
    passage === 'whole'
      ? resize(graph, ofSize(graph, used, crop), graph.input('outSize', 'int64', [2]), { antialias: true })
      : used;
  const matrix = graph.input('fromRgb', 'float32', [3, 4]);
  const [y, cb, cr] = planesOf(graph, rgb, matrix, chromaShift(pixelFormat));
  const blend = passage === 'whole' ? blender(graph, type) : (value: Value) => value;
  const paste = passage === 'tiles' ? paster(graph, type) : (value: Value) => value;
  const highest = graph.scalar(2 ** bitDepth(pixelFormat) - 1);
  const emit = (name: 'Y' | 'Cb' | 'Cr', value: Value): void => {
    const rounded = graph.node('Round', [blend(value, name)]);
    const codes = graph.cast(graph.node('Clip', [rounded, graph.scalar(0), highest]), type);
    const symbols = name === 'Y' ? ['HOut', 'WOut'] : ['HcOut', 'WcOut'];
    graph.output(`out${name}`, paste(codes, name), type, [1, 1, ...symbols]);
  };
  emit('Y', y);
  emit('Cb', cb);
  emit('Cr', cr);
  return graph.build();
}

function planeType(pixelFormat: PixelFormat): PlaneType {
  return bitDepth(pixelFormat) === 8 ? 'uint8' : 'uint16';
}

function columnsOf(graph: GraphBuilder, picture: PictureInput): PictureInput {
  const columns = graph.input('columns', 'int64', [2]);
  const chromaColumns = graph.input('chromaColumns', 'int64', [2]);
  return {
    ...picture,
    y: between(graph, picture.y, columns),
    cb: between(graph, picture.cb, chromaColumns),
    cr: between(graph, picture.cr, chromaColumns),
  };
}

/** float32 `[1, 3, H, W]`: chroma enlarged to the size of luma; its last row or column covers one pixel only where a side is odd. */
function fullPlanes(graph: GraphBuilder, { y, cb, cr }: PictureInput): Value {
  const chroma = graph.node('Concat', [cb, cr], { axis: 1 });
  const enlarged = resize(graph, chroma, graph.input('chromaSize', 'int64', [2]));
  const size = graph.node('Shape', [y], { start: 2, end: 4 });
  const same = graph.node('Slice', [enlarged, graph.ints([2], [0, 0]), size, graph.ints([2], [2, 3])]);
  return graph.node('Concat', [y, same], { axis: 1 });
}

function declareImage(
  graph: GraphBuilder,
  { name, layout = 'NCHW', channels = 'RGB', dtype = 'float32' }: ImageFormat & { readonly name: string },
): Value {
  const count = channels === 'gray' ? 1 : 3;
  return graph.input(name, dtype, layout === 'NCHW' ? ['N', count, 'h', 'w'] : ['N', 'h', 'w', count]);
}

function cropped(graph: GraphBuilder, image: Value, crop: Value): Value {
  return graph.node('Slice', [image, graph.slice(crop, 0, 0, 2), graph.slice(crop, 0, 2, 4), graph.ints([2], [2, 3])]);
}

/** Fails where an image is smaller than its crop: resizing would hide that. */
function ofSize(graph: GraphBuilder, image: Value, crop: Value): Value {
  const size = graph.node('Sub', [graph.slice(crop, 0, 2, 4), graph.slice(crop, 0, 0, 2)]);
  return graph.node('Reshape', [image, graph.node('Concat', [graph.ints([2], [1, 3]), size], { axis: 0 })]);
}

/** RGB → luma, and chroma averaged over the pixels that a sample covers. */
function planesOf(
  graph: GraphBuilder,
  rgb: Value,
  matrix: Value,
  shift: { readonly x: number; readonly y: number },
): readonly [Value, Value, Value] {
  const weights = graph.reshape(graph.slice(matrix, 1, 0, 3), [3, 3, 1, 1]);
  const bias = graph.reshape(graph.slice(matrix, 1, 3, 4), [3]);
  const planes = graph.node('Conv', [rgb, weights, bias]);
  const full = graph.slice(planes, 1, 1, 3);
  const chroma = shift.x + shift.y === 0 ? full : averaged(graph, full, [1 << shift.y, 1 << shift.x]);
  return [graph.slice(planes, 1, 0, 1), graph.slice(chroma, 1, 0, 1), graph.slice(chroma, 1, 1, 2)];
}

function averaged(graph: GraphBuilder, planes: Value, block: readonly [number, number]): Value {
  const size = graph.node('Shape', [planes], { start: 2, end: 4 });
  const rest = graph.node('Mod', [size, graph.ints([2], block)]);
  const missing = graph.node('Mod', [graph.node('Sub', [graph.ints([2], block), rest]), graph.ints([2], block)]);
  const pads = graph.node('Concat', [graph.ints([6], [0, 0, 0, 0, 0, 0]), missing], { axis: 0 });
  const whole = graph.node('Pad', [planes, pads], { mode: 'edge' });
  return graph.node('AveragePool', [whole], { kernel_shape: block, strides: block });
}

type PlaneName = 'Y' | 'Cb' | 'Cr';

function blender(graph: GraphBuilder, type: PlaneType): (value: Value, name: PlaneName) => Value {
  const strength = graph.input('strength', 'float32', []);
  return (value, name) => {
    const [rows, columns] = name === 'Y' ? ['HOut', 'WOut'] : ['HcOut', 'WcOut'];
    const original = graph.cast(graph.input(`original${name}`, type, [1, 1, rows, columns]), 'float32');
    const change = graph.node('Mul', [graph.node('Sub', [value, original]), strength]);
    return graph.node('Add', [original, change]);
  };
}

function paster(graph: GraphBuilder, type: PlaneType): (codes: Value, name: PlaneName) => Value {
  const places = { luma: graph.input('place', 'int64', [2]), chroma: graph.input('chromaPlace', 'int64', [2]) };
  return (codes, name) => {
    const place = name === 'Y' ? places.luma : places.chroma;
    const [rows, columns] = name === 'Y' ? ['HOut', 'WOut'] : ['HcOut', 'WcOut'];
    const canvas = graph.input(`canvas${name}`, type, [1, 1, rows, columns]);
    const width = graph.node('Shape', [canvas], { start: 3, end: 4 });
    const left = slice(graph, canvas, graph.ints([1], [0]), graph.slice(place, 0, 0, 1));
    const right = slice(graph, canvas, graph.slice(place, 0, 1, 2), width);
    return graph.node('Concat', [left, codes, right], { axis: 3 });
  };
}

function between(graph: GraphBuilder, plane: Value, columns: Value): Value {
  return slice(graph, plane, graph.slice(columns, 0, 0, 1), graph.slice(columns, 0, 1, 2));
}

function slice(graph: GraphBuilder, plane: Value, from: Value, to: Value): Value {
  return graph.node('Slice', [plane, from, to, graph.ints([1], [3])]);
}
