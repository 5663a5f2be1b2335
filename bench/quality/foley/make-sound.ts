import { readFile } from 'node:fs/promises';
import { loadGraph } from '../../../config/load-graph.js';
import { setOptions } from '../../../config/set-options.js';
import { FilmJob } from '../../../jobs/process-film.js';
import type { SoundCue } from '../../../operators/foley/cues.js';

/** What `vitascope process INPUT -o OUTPUT --graph foley --metadata METADATA` has made. */
export interface SoundedFilm {
  readonly path: string;
  /** By time. */
  readonly cues: readonly SoundCue[];
}

/** Gives a film sound. @param assignments as after `--set` */
export async function makeSound(input: string, output: string, assignments: readonly string[]): Promise<SoundedFilm> {
  const metadata = `${output}.ndjson`;
  const graph = setOptions(await loadGraph('foley'), assignments);
  const job = await FilmJob.open({ input, output, graph, records: { metadata }, overwrite: true, restart: true });
  const { path } = await job.run();
  const lines = (await readFile(metadata, 'utf8')).trim().split('\n');
  const cues = lines.flatMap((line) => (JSON.parse(line) as { sounds?: readonly SoundCue[] }).sounds ?? []);
  return { path, cues: cues.sort((a, b) => a.atUs - b.atUs) };
}
