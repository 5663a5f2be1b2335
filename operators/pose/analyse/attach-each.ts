import { Observable, type OperatorFunction } from 'rxjs';
import { attach, emitFrame, subscribeFrames, type VideoSample } from '../../../pipeline/index.js';

/**
 * Attaches what is found in each sample, inside the source's `next`; frames pass as they are. When it throws, the frame is closed and the error travels on.
 *
 * @param create Makes the state of one subscription: what looks at sample after sample. It borrows the frame.
 */
export function attachEach<Meta extends object, More extends object>(
  create: () => (sample: VideoSample<Meta>) => More,
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & More>> {
  return (source) =>
    new Observable((subscriber) => {
      const look = create();
      subscribeFrames(source, subscriber, {
        next: (sample) => {
          let more: More;
          try {
            more = look(sample);
          } catch (error) {
            sample.frame.close();
            throw error;
          }
          emitFrame(subscriber, attach(sample, more));
        },
      });
    });
}
