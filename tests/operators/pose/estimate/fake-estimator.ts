import type { Observable } from 'rxjs';
import { builtinOperators } from '../../../../config/registry.js';
import type { EstimateOptions, PersonPose, PoseEstimator } from '../../../../models/adapters/pose/pose-estimator.js';
import { estimatePose, estimatePoseDefinition } from '../../../../operators/pose/estimate/estimate-pose.js';
import type { OperatorDefinition } from '../../../../pipeline/operator.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { settle } from '../../../helpers/frames.js';
import { personIn } from '../draw/people.js';

/** A person who fills a square, as a network sees them. */
export function seen(place: readonly [x: number, y: number, side: number], score = 0.9): PersonPose {
  const { box, keypoints } = personIn(place);
  return { score, box, keypoints };
}

/** A network that sees what a test says, some time later. */
export class FakeEstimator implements PoseEstimator {
  /** Numbers of the frames that it was asked about. */
  readonly asked: number[] = [];
  readonly options: EstimateOptions[] = [];
  /** The most frames that it was asked about at once. */
  mostAtOnce = 0;
  disposed = false;
  #running = 0;
  readonly #see: (frame: VideoFrame) => readonly PersonPose[] | Promise<readonly PersonPose[]>;

  constructor(see: (frame: VideoFrame) => readonly PersonPose[] | Promise<readonly PersonPose[]>) {
    this.#see = see;
  }

  async estimate(frame: VideoFrame, options: EstimateOptions = {}): Promise<readonly PersonPose[]> {
    this.asked.push(frame.index);
    this.options.push(options);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#running);
    try {
      // Later frames are done sooner, so that their order is the operator's work.
      await settle(10 - (frame.index % 4));
      if (frame.closed) throw new Error(`frame ${frame.index} was closed while it was looked at`);
      return await this.#see(frame);
    } finally {
      this.#running--;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

/** The operators of the package, with a network of the test in `estimate-pose`. */
export function operatorsWith(estimator: PoseEstimator): readonly OperatorDefinition[] {
  const pose = {
    ...estimatePoseDefinition,
    create: (options) => {
      const operator = estimatePose({ ...options, estimator });
      return ([video]) => [operator(video as Observable<VideoSample>)];
    },
  } satisfies typeof estimatePoseDefinition;
  return builtinOperators.map((operator) => (operator.name === pose.name ? pose : operator));
}
