import { extname } from 'node:path';
import { loadGraph } from '../../config/load-graph.js';
import { FilmJob, type ProcessFilmOptions, type ProcessFilmResult } from '../../jobs/process-film.js';
import { ffmpegDefinition } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { createGraph, type Graph } from '../../pipeline/graph/graph.js';
import { containers } from '../../streams/containers/containers.js';

/** Options of a job, with a fast encoder unless told otherwise. */
export type QuickJob = Omit<ProcessFilmOptions, 'graph'> & { readonly graph?: Graph | string };

/** Runs a job from opening to its result. */
export async function processFilm(options: QuickJob): Promise<ProcessFilmResult> {
  const job = await openJob(options);
  return job.run();
}

export async function openJob(options: QuickJob): Promise<FilmJob> {
  const { graph = 'transcode', ...rest } = options;
  const encoder =
    rest.videoCodec ?? containers.find((c) => c.extensions.includes(extname(rest.output ?? '')))?.videoCodec;
  const preset = encoder === 'libx264' ? { preset: 'ultrafast' } : {};
  return FilmJob.open({ ...preset, ...rest, graph: typeof graph === 'string' ? await loadGraph(graph) : graph });
}

/** A graph of one FFmpeg filter chain. */
export function filterGraph(chain: string): Graph {
  return createGraph({ nodes: { filter: { use: ffmpegDefinition, with: { chain } } } });
}
