import type { Graph } from '../pipeline/graph/graph.js';
import { type Microseconds, type PictureSize, VitascopeError } from '../pipeline/index.js';
import type { LiveInputOptions } from '../streams/live/live-options.js';
import type { LiveEvent, LiveOutput } from '../streams/live/live-types.js';
import { LiveEncoder, type LiveEncoderOptions } from '../streams/live/outputs/live-encoder.js';
import { liveCadence } from './live-cadence.js';

/** One size and rate of a live stream, and where it goes. */
export interface LiveRendition {
  /** Different from those of the others. */
  readonly name: string;
  /** Rows, even; the width follows. Pictures are never enlarged. Default: those of the graph. */
  readonly height?: number | undefined;
  /** Bits a second. Default by size and rate. */
  readonly bitrate?: number | undefined;
  /** Packets of this rendition, and the sound, go to each. The stream opens and closes them. */
  readonly outputs: readonly LiveOutput[];
}

/** What a live stream reads, does and writes. */
export interface LiveStreamOptions {
  /** An address as `openLiveInput` takes it. */
  readonly input: string;
  readonly inputOptions?: Omit<LiveInputOptions, 'pool' | 'slots' | 'signal' | 'copyVideo' | 'onEvent'> | undefined;
  /** Operators whose cadence nobody has chosen adapt it to the machine. With `video: copy` nothing is decoded, and packets pass as they came. */
  readonly graph: Graph;
  /** Sizes and rates, encoded from the same pictures, with key frames on the same ones. A graph that copies has one, without height and bitrate. */
  readonly renditions?: readonly LiveRendition[] | undefined;
  /** The short form of one rendition, called `main`; not together with {@link LiveStreamOptions.renditions}. */
  readonly outputs?: readonly LiveOutput[] | undefined;
  /** Of the short form: bits a second. Default by size and rate. */
  readonly bitrate?: number | undefined;
  /** How the video is encoded; nothing for a graph that copies. */
  readonly encoding?: Omit<LiveEncoderOptions, 'renditions' | 'frameRate' | 'onTrack' | 'onPacket'> | undefined;
  /** Slots of the input's frame pool. Default: what the graph recommends. */
  readonly poolSlots?: number | undefined;
  /** Loads models and runs them once before the input is read, so that no picture is left out for that. Default true. */
  readonly warmUp?: boolean | undefined;
  /** Hears what happens to the input, from the first attempt to connect on. Nothing in it is secret. */
  readonly onEvent?: ((event: LiveEvent) => void) | undefined;
  /** Hears that an output has failed; the others go on. */
  readonly onOutputFailure?: ((name: string, error: VitascopeError) => void) | undefined;
  /**
   * Hears what operators found in a picture that leaves the graph: plain JSON, never empty, and the size of the source's pictures as they are shown, in whose
   * pixels places are.
   * Other values are left out.
   */
  readonly onMetadata?:
    | ((ptsUs: Microseconds, meta: Readonly<Record<string, unknown>>, source: PictureSize) => void)
    | undefined;
  /** Gives up opening, and later ends the stream as `LiveStream.stop` does. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a live stream, checked and completed. */
export interface LivePlan {
  readonly graph: Graph;
  readonly renditions: readonly LiveRendition[];
  /** Packets pass as they came. */
  readonly copies: boolean;
}

/** Completes what a live stream is to do. @throws VitascopeError `OPTION_INVALID`, `ENCODER_UNKNOWN` */
export function planLive(options: LiveStreamOptions): LivePlan {
  const { outputs, bitrate } = options;
  if (options.renditions !== undefined && (outputs !== undefined || bitrate !== undefined)) {
    throw invalid('give renditions, or outputs and bitrate, not both');
  }
  const renditions = options.renditions ?? [{ name: 'main', outputs: outputs ?? [], bitrate }];
  checkRenditions(renditions);
  const copies = options.graph.video === 'copy';
  if (copies) checkCopy(options, renditions);
  else checkEncoding(options.encoding, renditions);
  return { graph: liveCadence(options.graph), renditions, copies };
}

function checkRenditions(renditions: readonly LiveRendition[]): void {
  if (!renditions.some(({ outputs }) => outputs.length > 0)) throw invalid('at least one output is needed');
  const names = renditions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid(`two renditions are called "${twice}"`);
}

/** What is wrong with an encoder is found before anything is connected to. */
function checkEncoding(encoding: LiveStreamOptions['encoding'], renditions: readonly LiveRendition[]): void {
  const frameRate = { num: 0, den: 1 };
  new LiveEncoder({ ...encoding, frameRate, renditions, onTrack: () => {}, onPacket: () => {} }).close();
}

function checkCopy({ graph, encoding = {} }: LiveStreamOptions, renditions: readonly LiveRendition[]): void {
  const settings = Object.entries(encoding).filter(([, value]) => value !== undefined);
  const sizes = renditions.flatMap(({ height, bitrate }) => [
    ...(height === undefined ? [] : ['height']),
    ...(bitrate === undefined ? [] : ['bitrate']),
  ]);
  const what = [...settings.map(([name]) => name), ...sizes, ...(renditions.length > 1 ? ['several renditions'] : [])];
  if (what.length === 0) return;
  throw invalid(`graph ${graph.name} copies video, which leaves no choice of ${what.join(', ')}: use transcode`);
}

function invalid(what: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `LiveStream: ${what}`);
}
