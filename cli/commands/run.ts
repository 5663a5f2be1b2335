import { join } from 'node:path';
import { Command, Option } from 'commander';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { LiveMetadataFile } from '../../jobs/live-metadata-file.js';
import { LiveStream, type LiveStreamMetrics } from '../../jobs/live-stream.js';
import { type ProviderWish, providerWishes } from '../../models/providers/provider.js';
import { VitascopeError } from '../../pipeline/index.js';
import type { LiveEvent } from '../../streams/live/live-types.js';
import { describeLive, describeLiveEvent } from '../describe-live.js';
import { type LiveOutputs, liveOutputs, parseRendition, type RenditionWish } from '../live-outputs.js';
import { useProvider } from '../use-provider.js';

interface RunFlags {
  readonly input: string;
  readonly output: readonly string[];
  readonly graph: string;
  readonly set: readonly string[];
  readonly metadata?: string;
  readonly for?: number;
  readonly wait?: boolean;
  readonly reconnect: boolean;
  readonly caFile?: string;
  readonly tlsVerify: boolean;
  readonly rtspTransport: 'tcp' | 'udp';
  readonly videoCodec?: string;
  readonly bitrate?: number;
  readonly rendition: readonly RenditionWish[];
  readonly keyFrames?: number;
  readonly provider: ProviderWish;
  readonly progress: 'auto' | 'json' | 'none';
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new VitascopeError('OPTION_INVALID', `expected a number greater than 0, got "${text}"`);
}

export function runCommand(): Command {
  return new Command('run')
    .description('Run one live stream through a graph, to one or more outputs, without a server.')
    .requiredOption(
      '-i, --input <url>',
      'rtmp:// rtsp:// http:// srt:// udp://, or a film as a camera: loop:FILE, file:FILE',
    )
    .requiredOption(
      '-o, --output <url>',
      'rtmp://HOST/APP/KEY, hls:FOLDER, or a recording: FILE.mkv .mp4 .ts .flv; may be repeated',
      collect,
    )
    .option('-g, --graph <name|file>', 'graph: a name (see `vitascope graphs list`) or a YAML file', 'transcode')
    .option('-s, --set <node.option=value>', 'change an option of the graph; may be repeated', collect, [])
    .option('--metadata <file.ndjson>', 'append what the graph finds, one JSON object a frame, as it comes')
    .option('--for <seconds>', 'end after so many seconds (default: when the input ends, or Ctrl-C)', positive)
    .option('--wait', 'wait for an input that is not there yet')
    .option('--ca-file <file>', 'PEM file with the only authorities to trust for https, rtmps and rtsps inputs')
    .option('--no-tls-verify', 'believe whoever answers https, rtmps and rtsps')
    .addOption(new Option('--rtsp-transport <name>', 'what RTSP runs over').choices(['tcp', 'udp']).default('tcp'))
    .option('--no-reconnect', 'end when the input is lost, instead of trying again')
    .optionsGroup('Encoding:')
    .option('--video-codec <name>', 'encoder: libx264, libx265, h264_nvenc, … (default: libx264)')
    .option('--bitrate <number>', 'bits a second (default: by size and frame rate, 2800000 at 720p30)', positive)
    .option(
      '--rendition <height[:kbps]>',
      'a size for hls:FOLDER, and its rate; may be repeated; other outputs get the largest (default: the size of the graph)',
      (text, before: readonly RenditionWish[]) => [...before, parseRendition(text)],
      [],
    )
    .option('--key-frames <seconds>', 'time between key frames, and the length of HLS segments (default: 2)', positive)
    .optionsGroup('Engine:')
    .addOption(new Option('--provider <name>', 'who computes the models').choices(providerWishes).default('auto'))
    .addOption(
      new Option('--progress <style>', 'a line a second in words, as JSON, or none')
        .choices(['auto', 'json', 'none'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
Examples:
  vitascope run --input rtsp://camera/1 --graph colorize --output rtmp://a.example/live/key --output record.mkv
  vitascope run --input loop:film.mp4 --output rtmp://localhost/live/test     # a film as a camera, to try things
  vitascope run --input rtsp://camera/1 --output hls:./www --rendition 1080:4000 --rendition 480:900
  vitascope run --input rtsp://camera/1 --graph copy --output hls:./www       # as it comes, nothing is encoded
  vitascope run --input rtsp://camera/1 --graph pose --output out.mkv --metadata people.ndjson
  vitascope run --input srt://0.0.0.0:9000?mode=listener --wait --output out.mkv --for 60

An input that is lost is tried again; times go on after the gap. When the machine cannot keep up, pictures are left out at the
input and counted; sound is never left out, and encoded only where it is none of AAC, MP3 and Opus. Ctrl-C sends what is in flight and ends files; a second one stops at once.`,
    )
    .action(run);
}

async function run(flags: RunFlags): Promise<void> {
  const graph = setOptions(await loadGraph(flags.graph), flags.set, { label: '--set ' });
  const say = (json: object, text: string | undefined): void => {
    if (flags.progress === 'json') process.stdout.write(`${JSON.stringify(json)}\n`);
    else if (text !== undefined) process.stderr.write(`${text}\n`);
  };
  useProvider(flags.provider, ({ json, text }) => say(json, text));
  const trouble = (name: string, error: VitascopeError): void =>
    say({ type: 'trouble', output: name, code: error.code, message: error.message }, `${name}: ${error.message}`);
  const outputs = chooseOutputs(flags, graph.video === 'copy', trouble);
  const { metadata } = flags;
  const onFailure = (error: VitascopeError): void => trouble(metadata ?? '', error);
  const records = metadata === undefined ? undefined : await LiveMetadataFile.open(metadata, { graph, onFailure });
  const abort = new AbortController();
  let stream: LiveStream | undefined;
  const release = onSignals(() => {
    if (stream === undefined) abort.abort(new VitascopeError('ABORTED', 'stopped before the input was there'));
    else void stream.stop();
  });
  try {
    stream = await LiveStream.open({
      input: flags.input,
      graph,
      renditions: outputs.renditions,
      inputOptions: {
        wait: flags.wait,
        caFile: flags.caFile,
        tlsVerify: flags.tlsVerify,
        rtspTransport: flags.rtspTransport,
        ...(flags.reconnect ? {} : { reconnect: false }),
      },
      encoding: {
        videoCodec: flags.videoCodec,
        segmentMs: flags.keyFrames === undefined ? undefined : flags.keyFrames * 1000,
      },
      signal: abort.signal,
      onMetadata: records?.add,
      onEvent: (event: LiveEvent) => say({ type: 'event', ...event }, describeLiveEvent(event)),
    });
    for (const folder of outputs.folders) say({ type: 'note', note: 'hls', folder }, hintFor(folder));
    await runStream(stream, flags, say);
  } finally {
    release();
    await outputs.close();
    const path = await records?.finish().catch((error: VitascopeError) => trouble(metadata ?? '', error));
    if (path !== undefined) say({ type: 'note', note: 'metadata', path }, `metadata: ${path}`);
  }
}

function chooseOutputs(
  { output, rendition, bitrate, keyFrames = 2 }: RunFlags,
  copies: boolean,
  onTrouble: (name: string, error: VitascopeError) => void,
): LiveOutputs {
  if (rendition.length > 0 && bitrate !== undefined) {
    throw new VitascopeError('OPTION_INVALID', 'with --rendition the rate is part of it: --rendition 720:2500');
  }
  const keyFrameUs = copies ? undefined : Math.round(keyFrames * 1e6);
  return liveOutputs(output, { renditions: rendition, bitrate, keyFrameUs, onTrouble });
}

function hintFor(folder: string): string {
  const path = join(folder, 'index.m3u8');
  return `${path}: ffplay ${path}; browsers need it over HTTP, from any server of files: python3 -m http.server -d ${folder}`;
}

async function runStream(
  stream: LiveStream,
  flags: RunFlags,
  say: (json: object, text: string | undefined) => void,
): Promise<void> {
  let before: LiveStreamMetrics | undefined;
  const report = (): void => {
    const now = stream.metrics();
    if (flags.progress !== 'none') say({ type: 'metrics', ...now }, describeLive(now, before));
    before = now;
  };
  const status = setInterval(report, 1000);
  const limit = flags.for === undefined ? undefined : setTimeout(() => void stream.stop(), flags.for * 1000);
  try {
    await stream.run();
  } finally {
    clearInterval(status);
    clearTimeout(limit);
    report();
  }
}

/** First signal: end gracefully; second: at once. */
function onSignals(stop: () => void): () => void {
  let signals = 0;
  const onSignal = (): void => {
    if (++signals > 1) process.exit(130);
    process.stderr.write('stopping: sending what is in flight (Ctrl-C again stops at once)\n');
    stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
