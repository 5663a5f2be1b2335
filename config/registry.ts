import { colorizeDefinition } from '../operators/colorize/colorize.js';
import { deinterlaceDefinition } from '../operators/deinterlace/deinterlace.js';
import { ffmpegDefinition } from '../operators/ffmpeg/ffmpeg-filter.js';
import { accompanyDefinition } from '../operators/foley/accompany/accompany.js';
import { foleyDefinition } from '../operators/foley/see/foley.js';
import { countPeopleDefinition } from '../operators/pose/analyse/count-people.js';
import { poseEventsDefinition } from '../operators/pose/analyse/pose-events.js';
import { drawPoseDefinition } from '../operators/pose/draw/draw-pose.js';
import { estimatePoseDefinition } from '../operators/pose/estimate/estimate-pose.js';
import { sideBySideDefinition } from '../operators/side-by-side/side-by-side.js';
import { stylizeDefinition } from '../operators/stylize/stylize.js';
import { paintTextDefinition } from '../operators/text/paint/paint-text.js';
import { readTextDefinition } from '../operators/text/read/read-text.js';
import { translateTextDefinition } from '../operators/text/translate/translate-text.js';
import { upscaleDefinition } from '../operators/upscale/upscale.js';
import type { OperatorDefinition } from '../pipeline/operator.js';

/** Every operator that a graph may name. */
export const builtinOperators: readonly OperatorDefinition[] = [
  accompanyDefinition,
  colorizeDefinition,
  countPeopleDefinition,
  deinterlaceDefinition,
  drawPoseDefinition,
  estimatePoseDefinition,
  ffmpegDefinition,
  foleyDefinition,
  paintTextDefinition,
  poseEventsDefinition,
  readTextDefinition,
  sideBySideDefinition,
  stylizeDefinition,
  translateTextDefinition,
  upscaleDefinition,
];
