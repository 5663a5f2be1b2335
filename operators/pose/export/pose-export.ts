import { BvhExport, type BvhOptions } from './bvh-export.js';
import { CocoExport } from './coco-export.js';
import { CsvExport } from './csv-export.js';
import type { PoseFrame } from './pose-frame.js';

/** Forms that other programs load. */
export const poseExportFormats = ['coco', 'csv', 'bvh'] as const;
/** One of {@link poseExportFormats}. */
export type PoseExportFormat = (typeof poseExportFormats)[number];

/** Writes the people of a film to files of another form. Frames come in order. */
export interface PoseExport {
  /** Adds a frame; whoever waits for it keeps memory bounded. @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  write(frame: PoseFrame): Promise<void>;
  /** Completes the files, and returns their paths. @throws as {@link write}, `OUTPUT_EXISTS`. */
  finish(): Promise<readonly string[]>;
  /** Ends early and leaves nothing. */
  discard(): Promise<void>;
}

/**
 * Begins an export.
 *
 * - `coco`: results of COCO's key point task, a JSON array; `image_id` is the number of the frame, and 0 the centre of the first pixel.
 * - `csv`: one row a person and frame.
 * - `bvh`: for `dance.bvh` one file a person, `dance.person-3.bvh`, written at the end; up to then 136 bytes a person and frame are kept in memory.
 *
 * @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`
 */
export async function openPoseExport(format: PoseExportFormat, path: string, options: BvhOptions): Promise<PoseExport> {
  if (format === 'coco') return await CocoExport.open(path, options);
  if (format === 'csv') return await CsvExport.open(path, options);
  return await BvhExport.open(path, options);
}
