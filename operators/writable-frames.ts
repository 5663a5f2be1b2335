import { defer, type MonoTypeOperatorFunction } from 'rxjs';
import { FramePool, mapOrdered, type VideoSample, withFrame } from '../pipeline/index.js';

/**
 * Makes frames that are to be written into the receiver's alone: those that somebody else holds too go out as copies, and the received ones are closed. All others pass as they are.
 *
 * @param name Of the operator, for its pool.
 * @param slots Copies that may be open downstream at once.
 * @param isWritten Whether the frame of a sample will be written into. Asked before the frames before it may have been.
 */
export function writableFrames<Meta extends object>(
  name: string,
  slots: number,
  isWritten: (sample: VideoSample<Meta>) => boolean,
): MonoTypeOperatorFunction<VideoSample<Meta>> {
  return (source) =>
    defer(() => {
      const copies = new FramePool({ slots: slots + 1, name });
      return source.pipe(
        mapOrdered<VideoSample<Meta>, VideoSample<Meta>>(async (sample, signal) => {
          if (sample.frame.writable || !isWritten(sample)) return sample;
          const copy = await sample.frame.copy(copies, {}, signal);
          sample.frame.close();
          return withFrame(sample, copy);
        }),
      );
    });
}
