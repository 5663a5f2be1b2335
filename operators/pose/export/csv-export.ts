import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import { LineFile, type LineFileOptions } from '../../../streams/metadata/line-file.js';
import { rounded } from '../../../streams/metadata/metadata-file.js';
import { keypointNumbers, type PoseFrame } from './pose-frame.js';

const columns = [
  ...['frame', 'pts_us', 'person', 'score', 'x1', 'y1', 'x2', 'y2'],
  ...coco17.flatMap((name) => ['x', 'y', 'score'].map((value) => `${name.replaceAll(' ', '_')}_${value}`)),
];

/** One row a person and frame, numbers only, a first row of names (`left_elbow_x`). */
export class CsvExport {
  readonly #lines: LineFile;

  private constructor(lines: LineFile) {
    this.#lines = lines;
  }

  static async open(path: string, options: LineFileOptions = {}): Promise<CsvExport> {
    const lines = await LineFile.open(path, options);
    await lines.write(columns.join(','));
    return new CsvExport(lines);
  }

  async write({ frame, ptsUs, poses }: PoseFrame): Promise<void> {
    for (const pose of poses) {
      const row = [frame, ptsUs, pose.id, rounded(pose.score), ...pose.box.map(rounded), ...keypointNumbers(pose)];
      await this.#lines.write(row.join(','));
    }
  }

  async finish(): Promise<readonly string[]> {
    return [await this.#lines.finish()];
  }

  discard(): Promise<void> {
    return this.#lines.discard();
  }
}
