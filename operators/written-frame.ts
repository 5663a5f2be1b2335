import type { FramePool, VideoFrame } from '../pipeline/index.js';

/**
 * The frame after `write` has changed its planes, or, where others hold it too, a changed copy, with the frame closed. When it fails the frame stays the caller's.
 *
 * @throws what `write` throws; the signal's reason.
 */
export async function writtenFrame(
  frame: VideoFrame,
  copies: FramePool,
  signal: AbortSignal,
  write: (frame: VideoFrame) => void,
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
