import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import {
  type Place,
  storedPlace,
  turnedBox,
  type VideoFrame,
  type VideoSample,
  VitascopeError,
} from '../../../pipeline/index.js';
import { FrameFilter } from '../../../streams/libav/frame-filter.js';
import type { Keypoint } from '../pose-meta.js';

/** FFmpeg filters that turn a picture clockwise, by degrees. */
const turns: Readonly<Record<number, string>> = { 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' };

/** A picture as viewers see it. */
export interface UprightFrame {
  /** Borrowed until {@link close}. */
  readonly frame: VideoFrame;
  /** People in it → people in the frame as it is stored. */
  stored(people: readonly PersonPose[]): readonly PersonPose[];
  close(): void;
}

/**
 * Shows networks, who know people standing, pictures of a film that is shown turned (one from a telephone that was held upright) as viewers see them.
 * Other pictures are shown as they are.
 */
export class UprightView {
  #filter: FrameFilter | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** The frame stays the caller's, and must stay open until the view is closed. */
  async of(frame: VideoFrame, signal: AbortSignal): Promise<UprightFrame> {
    const chain = turns[frame.rotation];
    if (chain === undefined) return { frame, stored: (people) => people, close: () => undefined };
    this.#filter ??= new FrameFilter({ chain });
    const turned = await this.#inTurn(frame, this.#filter, signal);
    return {
      frame: turned,
      stored: (people) => people.map((person) => storedPerson(person, frame)),
      close: () => turned.close(),
    };
  }

  /** When those under way are done. */
  close(): void {
    void this.#last.then(() => this.#filter?.dispose());
  }

  /** The filter takes one picture after the other. */
  #inTurn(frame: VideoFrame, filter: FrameFilter, signal: AbortSignal): Promise<VideoFrame> {
    const turned = this.#last.then(() => turnedFrame(frame, filter, signal));
    this.#last = turned.catch(() => undefined);
    return turned;
  }
}

async function turnedFrame(frame: VideoFrame, filter: FrameFilter, signal: AbortSignal): Promise<VideoFrame> {
  signal.throwIfAborted();
  const made: VideoSample[] = [];
  await filter.transform([{ frame: frame.retain(), meta: {} }], (sample) => made.push(sample), signal);
  const [turned] = made;
  if (turned === undefined) {
    throw new VitascopeError('FILTER_INVALID', `estimate-pose: frame ${frame.index} could not be turned upright`);
  }
  return turned.frame;
}

function storedPerson({ score, box, keypoints }: PersonPose, frame: VideoFrame): PersonPose {
  const turn = (place: Place): Place => storedPlace(place, frame, frame.rotation);
  return {
    score,
    box: turnedBox(box, turn),
    keypoints: keypoints.map(([x, y, sure]): Keypoint => [...turn([x, y]), sure]),
  };
}
