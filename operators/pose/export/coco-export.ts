import { LineFile, type LineFileOptions } from '../../../streams/metadata/line-file.js';
import { rounded } from '../../../streams/metadata/metadata-file.js';
import { keypointNumbers, type PoseFrame } from './pose-frame.js';

const PERSON = 1;
/** The centre of the first pixel. */
const FIRST_PIXEL = 0;

/**
 * Results as COCO's evaluation of key points loads them: `[{image_id, category_id, keypoints, score}]`, one entry a line. Places count pixels, as COCO's annotations
 * do: 0 is the centre of the first one, which is 0.5 everywhere else here.
 *
 * @see https://cocodataset.org/#format-results
 */
export class CocoExport {
  readonly #lines: LineFile;
  #held = '';

  private constructor(lines: LineFile) {
    this.#lines = lines;
  }

  static async open(path: string, options: LineFileOptions = {}): Promise<CocoExport> {
    const lines = await LineFile.open(path, options);
    await lines.write('[');
    return new CocoExport(lines);
  }

  /** Adds the people of a frame, whose number becomes `image_id`. */
  async write({ frame, poses }: PoseFrame): Promise<void> {
    for (const pose of poses) {
      const keypoints = keypointNumbers(pose, FIRST_PIXEL);
      const entry = { image_id: frame, category_id: PERSON, keypoints, score: rounded(pose.score) };
      // Held back until it is known whether a comma follows.
      if (this.#held !== '') await this.#lines.write(`${this.#held},`);
      this.#held = JSON.stringify(entry);
    }
  }

  async finish(): Promise<readonly string[]> {
    if (this.#held !== '') await this.#lines.write(this.#held);
    await this.#lines.write(']');
    return [await this.#lines.finish()];
  }

  discard(): Promise<void> {
    return this.#lines.discard();
  }
}
