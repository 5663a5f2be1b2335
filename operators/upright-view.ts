import { type VideoFrame, type VideoSample, VitascopeError } from '../pipeline/index.js';
import { FrameFilter } from '../streams/libav/frame-filter.js';

/** FFmpeg filters that turn a picture clockwise, by degrees. */
const turns: Readonly<Record<number, string>> = { 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' };

/** A picture as viewers see it. */
export interface UprightFrame {
  /** Borrowed until {@link close}. */
  readonly frame: VideoFrame;
  close(): void;
}

/**
 * Shows networks, who know people standing and text lying, pictures of a film that is shown turned (one from a telephone that was held upright) as viewers see them.
 * Other pictures are shown as they are.
 */
export class UprightView {
  readonly #operator: string;
  #filter: FrameFilter | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param operator Named in errors. */
  constructor(operator: string) {
    this.#operator = operator;
  }

  /** The frame stays the caller's, and must stay open until the view is closed. */
  async of(frame: VideoFrame, signal: AbortSignal): Promise<UprightFrame> {
    const chain = turns[frame.rotation];
    if (chain === undefined) return { frame, close: () => undefined };
    this.#filter ??= new FrameFilter({ chain });
    const turned = await this.#inTurn(frame, this.#filter, signal);
    return { frame: turned, close: () => turned.close() };
  }

  /** When those under way are done. */
  close(): void {
    void this.#last.then(() => this.#filter?.dispose());
  }

  /** The filter takes one picture after the other. */
  #inTurn(frame: VideoFrame, filter: FrameFilter, signal: AbortSignal): Promise<VideoFrame> {
    const turned = this.#last.then(() => turnedFrame(this.#operator, frame, filter, signal));
    this.#last = turned.catch(() => undefined);
    return turned;
  }
}

async function turnedFrame(
  operator: string,
  frame: VideoFrame,
  filter: FrameFilter,
  signal: AbortSignal,
): Promise<VideoFrame> {
  signal.throwIfAborted();
  const made: VideoSample[] = [];
  await filter.transform([{ frame: frame.retain(), meta: {} }], (sample) => made.push(sample), signal);
  const [turned] = made;
  if (turned === undefined) {
    throw new VitascopeError('FILTER_INVALID', `${operator}: frame ${frame.index} could not be turned upright`);
  }
  return turned.frame;
}
