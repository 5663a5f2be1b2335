import { z } from 'zod';

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => high > low, 'must be [low, high] with low < high');
const side = z.int().positive();

/** How pixels lie in a tensor, and what its numbers mean. Both sides of a model that takes and gives images use it. */
const pixels = {
  /** Order of the axes. */
  layout: z.enum(['NCHW', 'NHWC']),
  /** `L` is CIE L*, `ab` its two chroma axes, `gray` is luma. */
  channels: z.enum(['RGB', 'BGR', 'gray', 'L', 'ab']),
  /** What black and white become before `mean` and `std`: `[0, 1]`, `[0, 255]`, `[-1, 1]`; L is `[0, 100]`. */
  range,
};

/**
 * The parameters that adapters of different families have in common, under the names they all use. A family adds parameters of
 * its own; `models/adapters/` says which.
 *
 * A value of the input is `(p − mean) / std`, where `p` is the pixel scaled to `range`; without `mean` and `std` it is `p`.
 */
export const adapterParameters = z.looseObject({
  /** Order of the axes of the image input. Always given for families that take images. */
  layout: pixels.layout.optional(),
  /** Order and meaning of the channels of the image input. */
  channels: pixels.channels.optional(),
  /** Range of the values **before** `mean` and `std`. */
  range: pixels.range.optional(),
  /** Subtracted, one number a channel, in the order of `channels` and the units of `range`. Absent: 0. */
  mean: z.array(z.number()).min(1).max(4).optional(),
  /** Divided by after `mean`, likewise. Absent: 1. */
  std: z.array(z.number().positive()).min(1).max(4).optional(),
  /** Height and width that the model is fed, pixels. Where the contract leaves them open it is the default. */
  size: z.tuple([side, side]).optional(),
  /** The sides may vary, and must be multiples of this. Beside `size`: other sizes than the default are allowed. */
  multipleOf: side.optional(),
  /** Added after `multipleOf`: the sides are multiples plus this, such as 16 k + 1. Absent: 0. */
  multiplePlus: z.int().nonnegative().optional(),
  /** Smallest and largest side, pixels, where the sides may vary. */
  sizeRange: z.tuple([side, side]).optional(),
  /**
   * How a picture comes to `size`: `letterbox` keeps its shape and pads; `stretch` does not keep it; `crop` fills and cuts the
   * middle out (see `resizeShort`); `height` keeps the shape and scales to the height, the width is free (lines of text). Absent: `stretch`.
   */
  fit: z.enum(['letterbox', 'stretch', 'crop', 'height']).optional(),
  /** Value of the padding, in the units of `range`, before `mean` and `std`. Absent: the low end of `range`. */
  pad: z.number().optional(),
  /** Where the picture lies inside the padding. Absent: `centre`. */
  anchor: z.enum(['top-left', 'centre']).optional(),
  /** For `crop`: the short side is scaled to this many pixels first. Absent: to the short side of `size`. */
  resizeShort: side.optional(),
  /** How resizing interpolates. Absent: `bilinear`. */
  interpolation: z.enum(['nearest', 'bilinear', 'bicubic', 'area']).optional(),
  /** Element type of the image input where it is not `float32`. */
  dtype: z.enum(['float32', 'float16', 'uint8', 'int32']).optional(),
  /** The file declares one size though the network has none: height and width are made symbolic when it is loaded. */
  freeSize: z.boolean().optional(),
  /** How the output image is to be read, where the model gives one. Absent parts are as in the input. */
  output: z
    .strictObject({
      layout: pixels.layout.optional(),
      channels: pixels.channels.optional(),
      range: pixels.range.optional(),
      mean: z.array(z.number()).min(1).max(4).optional(),
      std: z.array(z.number().positive()).min(1).max(4).optional(),
      dtype: z.enum(['float32', 'float16', 'uint8']).optional(),
    })
    .optional(),
  /** Output pixels an input pixel becomes on each axis, for image-to-image models. Absent: 1. */
  scale: z.int().positive().max(16).optional(),
  /** Strides of the grids of a detector, pixels, in the order of its output. */
  strides: z.array(side).min(1).optional(),
  /** IoU above which of two boxes the weaker one is dropped; absent: the model has done it, or needs none. */
  nms: z.number().min(0).max(1).optional(),
  /** Score below which a result is dropped unless the operator says otherwise. */
  score: z.number().min(0).max(1).optional(),
  /** What the classes are called: the name of a list that the package knows. */
  labels: z.enum(['coco-80', 'imagenet-1000', 'person', 'face']).optional(),
  /** Activation that the export left out, to be applied to the scores. Absent: none. */
  activation: z.enum(['sigmoid', 'softmax']).optional(),
  /** Which skeleton the key points are. */
  keypoints: z.enum(['coco-17']).optional(),
  /** Id of the catalog's model that finds people for one that takes a crop of each. */
  detector: z.string().optional(),
  /** Languages that are read or translated, BCP 47. */
  languages: z.array(z.string()).min(1).optional(),
  /** Languages that a translator takes, and gives, BCP 47. */
  from: z.array(z.string()).min(1).optional(),
  to: z.array(z.string()).min(1).optional(),
});

/** See {@link adapterParameters}. */
export type AdapterParameters = z.output<typeof adapterParameters>;
