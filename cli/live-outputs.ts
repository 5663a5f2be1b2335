import type { LiveRendition } from '../jobs/live-options.js';
import { type Microseconds, VitascopeError } from '../pipeline/index.js';
import { HlsOutput } from '../streams/hls/hls-output.js';
import { HlsStream } from '../streams/hls/hls-stream.js';
import type { LiveOutput } from '../streams/live/live-types.js';
import { outputFor } from '../streams/live/outputs/open-output.js';

/** A size of the pictures, and perhaps a rate, as `--rendition` gives them. */
export interface RenditionWish {
  /** Rows. */
  readonly height: number;
  /** Bits a second. */
  readonly bitrate?: number | undefined;
}

/** Reads `720` or `720:2500`. @throws VitascopeError `OPTION_INVALID` */
export function parseRendition(text: string): RenditionWish {
  const [, height, kilobits] = /^(\d+)(?::(\d+))?$/.exec(text.trim()) ?? [];
  if (height === undefined || Number(height) < 2 || Number(height) % 2 !== 0 || kilobits === '0') {
    const message = `a rendition is written as HEIGHT or HEIGHT:KBPS, such as 720:2500, with an even height; got "${text}"`;
    throw new VitascopeError('OPTION_INVALID', message);
  }
  return { height: Number(height), ...(kilobits === undefined ? {} : { bitrate: Number(kilobits) * 1000 }) };
}

/** What {@link liveOutputs} goes by. */
export interface LiveOutputsOptions {
  /** None: one, of the graph's own size. */
  readonly renditions: readonly RenditionWish[];
  /** Bits a second of the one, where none was asked for. */
  readonly bitrate: number | undefined;
  /** From one key frame to the next, microseconds; nothing where the source has them where it likes. */
  readonly keyFrameUs: Microseconds | undefined;
  readonly onTrouble: (name: string, error: VitascopeError) => void;
}

/** Renditions with the outputs that get them. */
export interface LiveOutputs {
  /** The largest first. */
  readonly renditions: readonly LiveRendition[];
  /** Folders that hold HLS. */
  readonly folders: readonly string[];
  /** Ends what several outputs share; called when those have ended. */
  close(): Promise<void>;
}

/** A source's own key frames may be this far apart before a segment ends without one. */
const COPIED_SEGMENT_US: Microseconds = 10_000_000;

/**
 * Outputs by their addresses: `hls:FOLDER` gets all renditions, with a master playlist, others the largest one.
 *
 * @throws VitascopeError `OPTION_INVALID` for an address that means nothing, and for several renditions without HLS.
 */
export function liveOutputs(addresses: readonly string[], options: LiveOutputsOptions): LiveOutputs {
  const { onTrouble, bitrate } = options;
  const sorted = options.renditions.toSorted((a, b) => b.height - a.height);
  const wishes = sorted.map(({ height, bitrate: rate }) => ({ name: `${height}p`, height, bitrate: rate }));
  const renditions = wishes.length === 0 ? [{ name: 'main', bitrate }] : wishes;
  const outputs: LiveOutput[][] = renditions.map(() => []);
  const streams: HlsStream[] = [];
  const folders: string[] = [];
  const hls = (folder: string): LiveOutput => {
    if (folder === '') throw new VitascopeError('OPTION_INVALID', 'hls: needs a folder, such as hls:./www');
    const stream = new HlsStream({ folder, renditions: renditions.map(({ name }) => name), ...hlsLengths(options) });
    const all = renditions.map(({ name }) => {
      const output: HlsOutput = new HlsOutput({ stream, rendition: name, onTrouble: (e) => onTrouble(output.name, e) });
      return output;
    });
    for (const [i, output] of all.entries()) if (i > 0) outputs[i]?.push(output);
    streams.push(stream);
    folders.push(folder);
    return all[0] as HlsOutput;
  };
  for (const address of addresses) outputs[0]?.push(outputFor(address, { onTrouble, others: { hls } }));
  if (renditions.length > 1 && streams.length === 0) {
    throw new VitascopeError('OPTION_INVALID', 'several renditions need an output that takes them: hls:FOLDER');
  }
  return {
    renditions: renditions.map((rendition, i) => ({ ...rendition, outputs: outputs[i] ?? [] })),
    folders,
    close: async () => {
      await Promise.all(streams.map((stream) => stream.close()));
    },
  };
}

function hlsLengths({ keyFrameUs }: LiveOutputsOptions) {
  if (keyFrameUs === undefined) return { maxSegmentUs: COPIED_SEGMENT_US };
  return { segmentUs: keyFrameUs, maxSegmentUs: keyFrameUs };
}
