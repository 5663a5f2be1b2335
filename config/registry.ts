import { colorizeDefinition } from '../operators/colorize/colorize.js';
import { deinterlaceDefinition } from '../operators/deinterlace/deinterlace.js';
import { ffmpegDefinition } from '../operators/ffmpeg/ffmpeg-filter.js';
import { sideBySideDefinition } from '../operators/side-by-side/side-by-side.js';
import { stylizeDefinition } from '../operators/stylize/stylize.js';
import { upscaleDefinition } from '../operators/upscale/upscale.js';
import type { OperatorDefinition } from '../pipeline/operator.js';

/** Every operator that a graph may name. */
export const builtinOperators: readonly OperatorDefinition[] = [
  colorizeDefinition,
  deinterlaceDefinition,
  ffmpegDefinition,
  sideBySideDefinition,
  stylizeDefinition,
  upscaleDefinition,
];
