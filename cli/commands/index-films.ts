import { Command, Option } from 'commander';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import type { FilmJob } from '../../jobs/process-film.js';
import { type IndexedFilmResult, indexFilm } from '../../jobs/text-search/index-film.js';
import { TextIndex } from '../../jobs/text-search/text-index.js';
import { type ProviderWish, providerWishes } from '../../models/providers/provider.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { VitascopeError } from '../../pipeline/index.js';
import { ProgressEstimator } from '../progress/estimate.js';
import { type ProgressStyle, progressStyles, showProgress } from '../progress/show-progress.js';
import { exitCodes } from '../report-error.js';
import { useProvider } from '../use-provider.js';

interface IndexFlags {
  readonly db: string;
  readonly graph: string;
  readonly set: readonly string[];
  readonly metadata?: string;
  readonly again?: boolean;
  readonly thumbnailHeight: number;
  readonly provider: ProviderWish;
  readonly progress: ProgressStyle;
}

/** Larger pictures are no thumbnails. */
const MAX_HEIGHT = 1080;

export function indexCommand(): Command {
  return new Command('index')
    .description('Read the texts in films and keep them in an index, with thumbnails, for `vitascope search`.')
    .argument('<film...>', 'films; those that are there and have not changed are left out')
    .requiredOption('--db <file.sqlite>', 'the index; made where there is none')
    .option(
      '-g, --graph <name|file>',
      'graph that reads; with `translate`, translations are found as well',
      'read-text',
    )
    .option(
      '-s, --set <node.option=value>',
      'change an option of the graph; may be repeated',
      (value: string, previous: readonly string[]) => [...previous, value],
      [],
    )
    .option(
      '--metadata <file.ndjson>',
      'texts that `vitascope process --metadata` found in the film; it is not read again',
    )
    .option('--again', 'read films again that are there')
    .option('--thumbnail-height <rows>', 'height of the thumbnails, pixels; 0 for none', heightOf, 180)
    .addOption(
      new Option('--provider <name>', 'who computes the models: the first that is proved, or one by name')
        .choices(providerWishes)
        .default('auto'),
    )
    .addOption(new Option('--progress <style>', 'how to show progress').choices(progressStyles).default('auto'))
    .addHelpText(
      'after',
      `
Examples:
  vitascope index film1.mkv film2.mkv --db index.sqlite
  vitascope index street.mp4 --db index.sqlite --graph translate --set translate.to=en
  vitascope search index.sqlite "exit"

Ctrl-C keeps the films that are done; the same command goes on where it ended.`,
    )
    .action(indexFilms);
}

async function indexFilms(films: readonly string[], flags: IndexFlags): Promise<void> {
  if (flags.metadata !== undefined && films.length > 1) {
    throw new VitascopeError('OPTION_INVALID', `--metadata holds the texts of one film, got ${films.length} films`);
  }
  const graph = setOptions(await loadGraph(flags.graph), flags.set, { label: '--set ' });
  useProvider(flags.provider, ({ json, text }) => {
    if (flags.progress === 'json' || text !== undefined) say(flags, json, text ?? '');
  });
  using index = TextIndex.open(flags.db, { create: true });
  for (const film of films) {
    const result = await indexOne(index, film, graph, flags);
    say(flags, { type: 'result', ...result }, words(result, film));
    if (result.state !== 'stopped') continue;
    process.exitCode = exitCodes.stopped;
    return;
  }
}

async function indexOne(index: TextIndex, input: string, graph: Graph, flags: IndexFlags): Promise<IndexedFilmResult> {
  const view = showProgress(flags.progress);
  let job: FilmJob | undefined;
  let estimator: ProgressEstimator | undefined;
  const stop = (): void => job?.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await indexFilm(index, {
      input,
      graph,
      indexPath: flags.db,
      metadata: flags.metadata,
      again: flags.again,
      thumbnailHeight: flags.thumbnailHeight,
      onJob: (started) => {
        job = started;
        const { durationUs, video } = started.info;
        estimator = new ProgressEstimator({ fromUs: 0, toUs: durationUs, totalFrames: video?.frames?.count });
      },
      onProgress: (progress) => {
        if (estimator !== undefined) view.update(estimator.update(progress));
      },
    });
  } finally {
    view.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function words({ state, texts }: IndexedFilmResult, film: string): string {
  if (state === 'current') return `${film}: has not changed since it was indexed (--again reads it again)`;
  if (state === 'stopped') return `${film}: stopped; the same command goes on here`;
  return `${film}: ${texts === 0 ? 'no text' : `${texts} text${texts === 1 ? '' : 's'}`}`;
}

function heightOf(text: string): number {
  const height = Number(text);
  if (text.trim() !== '' && Number.isInteger(height) && height >= 0 && height <= MAX_HEIGHT) return height;
  throw new VitascopeError(
    'OPTION_INVALID',
    `--thumbnail-height is a whole number from 0 to ${MAX_HEIGHT}, got "${text}"`,
  );
}

function say(flags: IndexFlags, json: object, text: string): void {
  if (flags.progress === 'json') process.stdout.write(`${JSON.stringify(json)}\n`);
  else process.stderr.write(`${text}\n`);
}
