import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { Detector } from '../detect/detector.js';
import type { CropNetwork, CropOutputs } from '../picture/crop-network.js';
import { type Box, clipBox, cropAround } from '../picture/crop-stage.js';
import { distinctPeople } from './distinct-people.js';
import { bestPeople, boxOfKeypoints, type EstimateLimits, estimateLimits, meanScore } from './person.js';
import type { EstimateOptions, Keypoint, PersonPose, PoseEstimator } from './pose-estimator.js';

/** How a family that takes a crop of each person is read. */
export interface TopDownFamily {
  /** How much larger than the person's box the crop is. */
  readonly padding: number;
  /** Least score of a person, when nobody says. */
  readonly score: number;
  /** What the network says of a crop → key points, 0–1 over the crop. */
  readonly keypoints: (outputs: CropOutputs) => readonly Keypoint[];
}

/**
 * Poses of people whose boxes are known: given by the caller, or found by a detector. With neither, the whole picture is taken for one person.
 *
 * A person scores the mean of their key points; where a detector found them, the geometric mean of that and of its own score, which ranks them as
 * the evaluation of MMPose does.
 */
export class TopDownEstimator implements PoseEstimator {
  readonly #family: TopDownFamily;
  readonly #network: CropNetwork;
  readonly #detector: Detector | undefined;

  constructor(family: TopDownFamily, network: CropNetwork, detector: Detector | undefined) {
    this.#family = family;
    this.#network = network;
    this.#detector = detector;
  }

  async estimate(frame: VideoFrame, options: EstimateOptions = {}): Promise<readonly PersonPose[]> {
    const limits = estimateLimits(options, this.#family.score);
    if (options.boxes !== undefined) return this.#inBoxes(frame, options.boxes, options.signal);
    const found = await this.#find(frame, limits, options.signal);
    if (found === undefined) return bestPeople(await this.#whole(frame, options.signal), limits);
    const boxes = found.map(({ box }) => box);
    const people = await this.#inBoxes(frame, boxes, options.signal);
    const scored = people.map((person, i) => ({ ...person, score: Math.sqrt(person.score * (found[i]?.score ?? 0)) }));
    return bestPeople(distinctPeople(scored), limits);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }

  async #inBoxes(
    frame: VideoFrame,
    boxes: readonly Box[],
    signal: AbortSignal | undefined,
  ): Promise<readonly PersonPose[]> {
    const crops = boxes.map((box) => cropAround(box, this.#network.size, this.#family.padding, frame));
    const poses = await this.#inCrops(frame, crops, signal);
    return poses.map((keypoints, i) => {
      const box = clipBox(boxes[i] as Box, frame) ?? boxOfKeypoints(keypoints, frame);
      return { score: meanScore(keypoints), box, keypoints };
    });
  }

  async #whole(frame: VideoFrame, signal: AbortSignal | undefined): Promise<readonly PersonPose[]> {
    const crop = cropAround([0, 0, frame.width, frame.height], this.#network.size, 1, frame);
    const poses = await this.#inCrops(frame, [crop], signal);
    return poses.map((keypoints) => ({
      score: meanScore(keypoints),
      box: boxOfKeypoints(keypoints, frame),
      keypoints,
    }));
  }

  async #inCrops(
    frame: VideoFrame,
    crops: readonly Box[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly Keypoint[])[]> {
    const results = await this.#network.run(frame, crops, signal);
    return results.map((outputs, i) => this.#family.keypoints(outputs).map((point) => inFrame(point, crops[i] as Box)));
  }

  async #find(frame: VideoFrame, { maxPeople }: EstimateLimits, signal: AbortSignal | undefined) {
    const found = await this.#detector?.detect(frame, { signal });
    return found?.filter(({ name }) => name === 'person').slice(0, maxPeople);
  }
}

function inFrame([x, y, score]: Keypoint, [x1, y1, x2, y2]: Box): Keypoint {
  return [x1 + x * (x2 - x1), y1 + y * (y2 - y1), score];
}
