import { defer, type MonoTypeOperatorFunction } from 'rxjs';
import { FramePool, mapOrdered, type VideoFrame, type VideoSample, withFrame } from '../pipeline/index.js';

/** Changes the planes of a frame, which stays its owner's. */
export type FrameWriter = (frame: VideoFrame) => void;

/**
 * Writes into frames, one at a time, in this thread: in place where nobody else holds them, else a copy goes out and the received one is closed. Time, size and format stay.
 *
 * @param name Of the operator, for its pool.
 * @param slots Copies that may be open downstream at once.
 * @param begin Called for each subscription. → what is to be written into the frame of a sample; nothing where it passes as it is.
 */
export function writtenFrames<Meta extends object>(
  name: string,
  slots: number,
  begin: () => (sample: VideoSample<Meta>) => FrameWriter | undefined,
): MonoTypeOperatorFunction<VideoSample<Meta>> {
  return (source) =>
    defer(() => {
      const writerFor = begin();
      const copies = new FramePool({ slots: slots + 1, name });
      return source.pipe(
        mapOrdered<VideoSample<Meta>, VideoSample<Meta>>(async (sample, signal) => {
          const write = writerFor(sample);
          if (write === undefined) return sample;
          return withFrame(sample, await written(sample.frame, copies, signal, write));
        }),
      );
    });
}

/** The frame, or a copy of it, with the frame closed. When writing fails the frame stays the caller's. */
async function written(
  frame: VideoFrame,
  copies: FramePool,
  signal: AbortSignal,
  write: FrameWriter,
): Promise<VideoFrame> {
  if (frame.writable) {
    write(frame);
    return frame;
  }
  const copy = await frame.copy(copies, {}, signal);
  try {
    write(copy);
  } catch (error) {
    copy.close();
    throw error;
  }
  frame.close();
  return copy;
}
