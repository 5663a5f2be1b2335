import type { PersonPose, PoseEstimator } from '../../../models/adapters/pose/pose-estimator.js';
import type { TrackedPose } from '../../../operators/pose/pose-meta.js';
import { SteadyPoses, type SteadyPosesOptions } from '../../../operators/pose/smooth/steady-poses.js';
import { consumeFrames } from '../../../pipeline/index.js';
import { openFile } from '../../../streams/file/open-file.js';

/** What a network finds in a frame; nothing where it did not look. */
export interface FoundInFrame {
  /** After the first frame. */
  readonly seconds: number;
  readonly people: readonly PersonPose[] | undefined;
}

/** The steady people of a frame. */
export interface PeopleInFrame {
  readonly seconds: number;
  readonly poses: readonly TrackedPose[];
}

/** Shows a film to a network, every frame of `every`. */
export async function lookAtFilm(
  estimator: PoseEstimator,
  path: string,
  every: number,
  onFrame: (count: number) => void,
): Promise<readonly FoundInFrame[]> {
  const found: FoundInFrame[] = [];
  let firstUs: number | undefined;
  await consumeFrames((await openFile(path)).video, async ({ frame }) => {
    firstUs ??= frame.ptsUs;
    const people = found.length % every === 0 ? await estimator.estimate(frame) : undefined;
    found.push({ seconds: (frame.ptsUs - firstUs) / 1e6, people });
    onFrame(found.length);
  });
  return found;
}

/** Gives those found ids, and calms them, as the operator does. */
export function steady(found: readonly FoundInFrame[], options: SteadyPosesOptions): readonly PeopleInFrame[] {
  const poses = new SteadyPoses(options);
  return found.map(({ seconds, people }) => {
    const ptsUs = Math.round(seconds * 1e6);
    return { seconds, poses: people === undefined ? poses.between(ptsUs) : poses.look(ptsUs, people) };
  });
}
