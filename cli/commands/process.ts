import { Command, Option } from 'commander';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import type { FilmExport } from '../../jobs/film-records/record-plan.js';
import { previewFilm } from '../../jobs/preview.js';
import { FilmJob, type ProcessFilmResult } from '../../jobs/process-film.js';
import { type ProviderWish, providerWishes } from '../../models/providers/provider.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { VitascopeError } from '../../pipeline/index.js';
import type { MediaEngine } from '../../streams/engine.js';
import type { FilmInfo } from '../../streams/film.js';
import { describeNodeMetrics, describeResult } from '../describe-result.js';
import { parseExports, recordsOf } from '../film-records.js';
import { ProgressEstimator } from '../progress/estimate.js';
import { type ProgressStyle, type ProgressView, progressStyles, showProgress } from '../progress/show-progress.js';
import { exitCodes } from '../report-error.js';
import { parseTimeCode } from '../time-code.js';
import { useProvider } from '../use-provider.js';

interface ProcessFlags {
  readonly output?: string;
  readonly graph: string;
  readonly set: readonly string[];
  readonly preview?: string;
  readonly metadata?: string;
  readonly export?: readonly FilmExport[];
  readonly from?: number;
  readonly to?: number;
  readonly videoCodec?: string;
  readonly crf?: number;
  readonly preset?: string;
  readonly pixelFormat?: string;
  readonly videoOption: readonly string[];
  readonly fps?: number;
  readonly engine: 'libav' | 'external';
  readonly ffmpegPath?: string;
  readonly provider: ProviderWish;
  readonly overwrite?: boolean;
  readonly restart?: boolean;
  readonly dropUnsupported?: boolean;
  readonly pieceSeconds?: number;
  readonly progress: ProgressStyle;
  readonly stats?: boolean;
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new VitascopeError('OPTION_INVALID', `expected a number, got "${text}"`);
}

export function processCommand(): Command {
  return new Command('process')
    .description('Run a film through a graph and write the result; everything the graph does not touch is copied.')
    .argument('<input>', 'film, image, or image sequence such as scan/%05d.png')
    .option('-o, --output <file>', 'output; the extension chooses the container: .mkv .mp4 .mov .webm .ts .png .jpg')
    .option('-g, --graph <name|file>', 'graph: a name (see `vitascope graphs list`) or a YAML file', 'restore')
    .option('-s, --set <node.option=value>', 'change an option of the graph; may be repeated', collect, [])
    .option('--preview <file.png>', 'write a contact sheet of moments before and after; alone, or beside -o')
    .option(
      '--metadata <file.ndjson>',
      'write what the graph finds: one JSON object a frame, places in pixels of the film as it is shown; alone, or beside -o',
    )
    .option(
      '--export <coco|csv|bvh|srt|vtt[=file]>',
      'write what the graph finds for other programs: people as COCO results, a table, or motion, a file a person; text as subtitles or a table; several with commas',
      parseExports,
    )
    .option('--from <time>', 'begin here: seconds, MM:SS or HH:MM:SS', parseTimeCode)
    .option('--to <time>', 'end here', parseTimeCode)
    .optionsGroup('Encoding:')
    .option(
      '--video-codec <name>',
      'encoder: libx264, libx265, libsvtav1, libvpx-vp9, ffv1, prores_ks, … (default: by container)',
    )
    .option('--crf <number>', 'constant quality; lower is better and larger (libx264: 18)', number)
    .option('--preset <name>', 'speed of the encoder (libx264: medium)')
    .option('--pixel-format <name>', 'pixel format of the output, e.g. yuv420p, yuv422p10le (default: as the film)')
    .option('--video-option <name=value>', 'any further option of the encoder; may be repeated', collect, [])
    .option('--drop-unsupported', 'leave out sound and subtitles that the container cannot hold')
    .optionsGroup('Engine:')
    .addOption(new Option('--engine <name>', 'who decodes and encodes').choices(['libav', 'external']).default('libav'))
    .option('--ffmpeg-path <file>', 'your ffmpeg for --engine external (default: FFMPEG_PATH, then the PATH)')
    .addOption(
      new Option(
        '--provider <name>',
        'who computes the models: the first that is proved and not slower than the CPU, or one by name',
      )
        .choices(providerWishes)
        .default('auto'),
    )
    .option('--fps <number>', 'pictures a second of an image sequence (default: 24)', number)
    .optionsGroup('Long jobs:')
    .option('--overwrite', 'replace an existing output')
    .option('--restart', 'begin anew instead of going on where an interrupted run ended')
    .option(
      '--piece-seconds <number>',
      'film seconds committed at a time; what an interruption can cost (default: 10)',
      number,
    )
    .addOption(new Option('--progress <style>', 'how to show progress').choices(progressStyles).default('auto'))
    .option('--stats', 'print what each node of the graph did')
    .addHelpText(
      'after',
      `
Examples:
  vitascope process reel.mkv -o reel-colour.mkv
  vitascope process reel.mkv -o out.mp4 --set colorize.strength=0.8 --from 1:00 --to 2:00
  vitascope process reel.mkv --preview before-after.png
  vitascope process scan/%05d.png -o reel.mkv --fps 18 --graph transcode --video-codec ffv1
  vitascope process dance.mp4 -o dance.pose.mp4 --graph pose --metadata dance.ndjson
  vitascope process dance.mp4 --graph pose --export bvh,csv                   # data only, nothing is encoded
  vitascope process dance.mp4 --graph pose --export coco=people.json --from 1:00 --to 2:00
  vitascope process photo.jpg -o photo.pose.png --graph pose --metadata photo.ndjson

Ctrl-C finishes what is in flight and leaves a playable reel.partial.mkv; the same command then goes on where it ended.
A second Ctrl-C stops at once; finished pieces stay. Metadata is left as dance.partial.ndjson; exports are written when all is done.`,
    )
    .action(runProcess);
}

async function runProcess(input: string, flags: ProcessFlags): Promise<void> {
  const isJob = flags.output !== undefined || recordsOf(flags) !== undefined;
  if (!isJob && flags.preview === undefined) {
    const message =
      'nothing to write: give -o FILE, --preview FILE.png, --metadata FILE.ndjson or --export, or several';
    throw new VitascopeError('OPTION_INVALID', message);
  }
  const graph = setOptions(await loadGraph(flags.graph), flags.set, { label: '--set ' });
  const view = showProgress(flags.progress);
  useProvider(flags.provider, ({ json, text }) => {
    view.end();
    if (flags.progress === 'json' || text !== undefined) say(flags, json, text ?? '');
  });
  const engine = flags.engine === 'external' ? await loadExternalEngine(flags.ffmpegPath) : undefined;
  if (flags.preview !== undefined) await preview(input, graph, engine, flags);
  if (isJob) await processFilm(input, graph, engine, view, flags);
}

async function loadExternalEngine(ffmpegPath: string | undefined): Promise<MediaEngine> {
  const { externalEngine } = await import('../../streams/external/external-engine.js');
  return externalEngine(ffmpegPath === undefined ? {} : { ffmpegPath });
}

async function preview(
  input: string,
  graph: Graph,
  engine: MediaEngine | undefined,
  flags: ProcessFlags,
): Promise<void> {
  const { path } = await previewFilm({
    input,
    graph,
    output: flags.preview as string,
    engine,
    fromUs: flags.from,
    toUs: flags.to,
    sequenceRate: flags.fps,
  });
  say(flags, { type: 'preview', path }, `preview: ${path} (left: the film, right: graph ${graph.name})`);
}

async function processFilm(
  input: string,
  graph: Graph,
  engine: MediaEngine | undefined,
  view: ProgressView,
  flags: ProcessFlags,
): Promise<void> {
  let estimator: ProgressEstimator | undefined;
  const job = await FilmJob.open({
    input,
    output: flags.output,
    graph,
    records: recordsOf(flags),
    engine,
    fromUs: flags.from,
    toUs: flags.to,
    videoCodec: flags.videoCodec,
    crf: flags.crf,
    preset: flags.preset,
    pixelFormat: flags.pixelFormat,
    options: parseVideoOptions(flags.videoOption),
    sequenceRate: flags.fps,
    overwrite: flags.overwrite,
    restart: flags.restart,
    dropUnsupported: flags.dropUnsupported,
    pieceSeconds: flags.pieceSeconds,
    onProgress: (progress) => {
      if (estimator !== undefined) view.update(estimator.update(progress));
    },
  });
  estimator = estimatorFor(job.info, flags);
  announce(job, graph, flags);
  const release = stopOnSignal(job, view);
  let result: ProcessFilmResult;
  try {
    result = await job.run();
  } finally {
    view.end();
    release();
  }
  if (flags.stats === true) process.stderr.write(`${describeNodeMetrics(job.metrics())}\n`);
  const exports = (flags.export ?? []).map(({ format }) => format);
  say(flags, { type: 'result', ...result }, describeResult(result, input, exports));
  if (!result.complete) process.exitCode = exitCodes.stopped;
}

function estimatorFor(info: FilmInfo, flags: ProcessFlags): ProgressEstimator {
  const whole = flags.from === undefined && flags.to === undefined;
  return new ProgressEstimator({
    fromUs: flags.from ?? 0,
    toUs: flags.to ?? info.durationUs,
    totalFrames: whole ? info.video?.frames?.count : undefined,
  });
}

function announce(job: FilmJob, graph: Graph, flags: ProcessFlags): void {
  const order = job.info.video?.fieldOrder;
  if (order === 'top-first' || order === 'bottom-first') {
    const treated = graph.nodes.some((n) => n.operator.name === 'deinterlace');
    const advice = treated ? 'it will be deinterlaced' : 'add a deinterlace node to the graph for progressive pictures';
    say(flags, { type: 'note', note: 'interlaced', fieldOrder: order }, `the film is interlaced (${order}); ${advice}`);
  }
  if (job.resumedFrames > 0) {
    const text = `going on after ${job.resumedFrames} frames that an earlier run finished (--restart begins anew)`;
    say(flags, { type: 'note', note: 'resumed', frames: job.resumedFrames }, text);
  }
}

/** First signal: finish gracefully; second: stop now. */
function stopOnSignal(job: FilmJob, view: ProgressView): () => void {
  let signals = 0;
  const onSignal = (): void => {
    signals++;
    view.end();
    if (signals === 1) {
      process.stderr.write('stopping: finishing what is in flight (Ctrl-C again stops at once)\n');
      job.stop();
    } else void job.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

function parseVideoOptions(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
      throw new VitascopeError('OPTION_INVALID', `--video-option is written name=value, got "${text}"`);
    }),
  );
}

function say(flags: ProcessFlags, json: object, text: string): void {
  if (flags.progress === 'json') process.stdout.write(`${JSON.stringify(json)}\n`);
  else process.stderr.write(`${text}\n`);
}
