import { eventOptions, type PoseEventsOptions } from '../../../../operators/pose/analyse/event-options.js';
import type { PoseEvent } from '../../../../operators/pose/analyse/pose-event-meta.js';
import { PoseEventWatcher } from '../../../../operators/pose/analyse/pose-event-watcher.js';
import type { TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { type Animation, type Placing, poseOf, timesAt } from './skeleton.js';

/** How an animation is filmed and watched. */
export interface Filming extends Partial<Placing> {
  /** Of the animation. Default 6. */
  readonly seconds?: number;
  /** Default 25. */
  readonly fps?: number;
  /** Times of the frames, microseconds, instead. */
  readonly times?: readonly number[];
  readonly options?: PoseEventsOptions;
  readonly pixelAspect?: number;
  /** What becomes of the pose of a frame. */
  readonly change?: (pose: TrackedPose, us: number) => readonly TrackedPose[];
}

/** An event, and when it was told of, seconds. */
export interface Told extends PoseEvent {
  readonly atS: number;
}

/** What is told of an animation. */
export function watch(animation: Animation, filming: Filming = {}): readonly Told[] {
  const { seconds = 6, fps = 25, times = timesAt(fps, seconds), options = {}, pixelAspect = 1 } = filming;
  const { change = (pose) => [pose], height = 200, floor = [300, 400], ...placing } = filming;
  const watcher = new PoseEventWatcher(eventOptions.parse(options));
  return times.flatMap((us) => {
    const poses = change(poseOf(animation(us / 1e6), { ...placing, height, floor }), us);
    return watcher.update(us, pixelAspect, poses).map((event) => ({ ...event, atS: us / 1e6 }));
  });
}

/** `fall begin`, … in order. */
export function told(animation: Animation, filming?: Filming): readonly string[] {
  return watch(animation, filming).map(({ kind, state }) => `${kind} ${state}`);
}
