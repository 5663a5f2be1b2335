// An operator of one's own, and what a graph must know of it. `keep-bright.ts` and `bright-graph.ts` use it.
import type { Observable, OperatorFunction } from 'rxjs';
import { z } from 'zod';
import { attach, mapOrdered, type OperatorDefinition, type VideoFrame, type VideoSample } from '../index.js';

/** What {@link measureBrightness} attaches. */
export interface Brightness {
  /** Mean luma: 0 is the lowest code, 1 the highest. */
  readonly brightness: number;
}

const brightnessOptions = z.strictObject({
  points: z.int().min(1).default(1000).describe('points of the picture that are looked at'),
});

/**
 * Attaches `brightness` to every picture; the frame passes untouched. A glance at some points, not a loop over the whole picture:
 * what needs every pixel belongs into an FFmpeg filter or a model.
 */
export function measureBrightness<Meta extends object>(
  options: z.input<typeof brightnessOptions> = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & Brightness>> {
  const { points } = brightnessOptions.parse(options);
  return mapOrdered(async (sample) => attach(sample, { brightness: brightnessOf(sample.frame, points) }));
}

function brightnessOf(frame: VideoFrame, points: number): number {
  const luma = frame.plane(0);
  const step = Math.max(1, Math.floor(luma.length / points));
  let [sum, count] = [0, 0];
  for (let at = 0; at < luma.length; at += step) {
    sum += luma[at] as number;
    count++;
  }
  return sum / count / (2 ** frame.bitDepth - 1);
}

/** The operator as a node of graphs. */
export const brightnessDefinition: OperatorDefinition<z.output<typeof brightnessOptions>> = {
  name: 'measure-brightness',
  summary: 'Attaches the mean luma of every picture.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: ['brightness'],
  options: brightnessOptions,
  // One picture at a time, and no memory of those before.
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: () => 0,
  create: (options) => {
    const operator = measureBrightness(options);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
