import { gpuReport } from './gpu.js';
import { inferenceReport } from './inference.js';
import { mediaReport } from './media.js';
import type { DoctorReport, FolderReport, InferenceReport, MediaReport } from './report.js';
import { folderReports, modelCacheReport } from './storage.js';
import { systemReport } from './system.js';

/** How thoroughly to look. */
export interface ExamineOptions {
  /** Probe providers again, whatever is remembered. */
  readonly fresh?: boolean | undefined;
  /** At most this long for each provider, milliseconds. */
  readonly timeoutMs: number;
}

/** Looks at everything that Vitascope needs on this machine. Nothing is changed but remembered probes. */
export async function examine({ fresh, timeoutMs }: ExamineOptions): Promise<DoctorReport> {
  const modelCache = await modelCacheReport();
  const [system, media, gpu, folders] = await Promise.all([
    systemReport(),
    mediaReport(),
    gpuReport(),
    folderReports(modelCache.folder),
  ]);
  // By itself, so that its times are worth something.
  const inference = await inferenceReport({ fresh, timeoutMs });
  const problems = essentialProblems(media, inference, folders);
  return { ok: problems.length === 0, problems, system, media, inference, gpu, folders, modelCache };
}

/** What nothing can be done without. */
export function essentialProblems(
  { ffmpeg }: Pick<MediaReport, 'ffmpeg'>,
  { providers }: Pick<InferenceReport, 'providers'>,
  folders: readonly FolderReport[],
): string[] {
  const cpu = providers.find(({ provider }) => provider === 'cpu');
  const readOnly = folders.filter(({ purpose, writable }) => purpose !== 'work' && !writable);
  return [
    ...(ffmpeg.works ? [] : [`the bundled FFmpeg does not work: ${ffmpeg.reason}`]),
    ...(cpu?.works === true ? [] : [`models do not run on the CPU: ${cpu?.refusal?.reason}`]),
    ...readOnly.map(
      ({ purpose, path }) =>
        `the folder for ${purpose === 'models' ? 'models' : 'temporary files'}, ${path}, cannot be written`,
    ),
  ];
}
