import type { ServerConfig } from '../config/server/server-config.js';
import type { VitascopeError } from '../pipeline/errors.js';
import { HlsOutput } from '../streams/hls/hls-output.js';
import { HlsStream } from '../streams/hls/hls-stream.js';
import type { LiveOutput } from '../streams/live/live-types.js';
import { FlvOutput } from '../streams/live/outputs/flv-output.js';
import type { Clock } from './clock.js';
import { HostedStream } from './hosted/hosted-stream.js';
import type { StreamSettings } from './stream/settings.js';

/** What the outputs of a stream are made of. */
export interface StreamOutputsOptions {
  readonly settings: StreamSettings;
  readonly config: Pick<ServerConfig, 'hls' | 'supervisor'>;
  /** RTMP URLs that the first rendition goes to, the server's own first. */
  readonly rtmp: readonly string[];
  readonly hls: boolean;
  /** Packets are not made here: key frames lie where the publisher puts them. */
  readonly copies: boolean;
  readonly clock: Clock;
  readonly askKeyFrame: () => void;
  /** Hears what goes wrong; nothing in it is secret. */
  readonly onTrouble: (level: 'warn' | 'error', message: string) => void;
}

/** The outputs that viewers of a stream are connected to. */
export function streamOutputs(options: StreamOutputsOptions): {
  readonly hosted: HostedStream;
  readonly hls: HlsStream | undefined;
} {
  const { settings, config, clock, askKeyFrame, onTrouble } = options;
  const names = settings.renditions.map(({ name }) => name);
  const hls = options.hls ? new HlsStream(hlsOptions(options, names)) : undefined;
  const outputs = (rendition: string, isFirst: boolean): LiveOutput[] => [
    ...(isFirst ? options.rtmp.map((url) => flvOutput(url, (error) => onTrouble('warn', error.message))) : []),
    ...(hls === undefined ? [] : [new HlsOutput({ stream: hls, rendition })]),
  ];
  const hosted = new HostedStream({
    renditions: names.map((name, i) => ({ name, outputs: outputs(name, i === 0) })),
    clock,
    holdAfterMs: config.supervisor.holdPictureMs,
    holdStepMs: config.hls.partMs,
    askKeyFrame,
    onFailure: (output, error) => onTrouble('error', `${output}: ${error.message}`),
  });
  return { hosted, hls };
}

function flvOutput(url: string, onTrouble: (error: VitascopeError) => void): FlvOutput {
  return new FlvOutput({ url, onTrouble });
}

function hlsOptions({ config, settings, copies }: StreamOutputsOptions, renditions: readonly string[]) {
  const { partMs, segmentMs, windowSegments } = config.hls;
  const segmentUs = segmentMs * 1000;
  const keyUs = settings.encoder.keyFrameSeconds * 1e6;
  return {
    partUs: partMs * 1000,
    segmentUs,
    windowUs: windowSegments * segmentUs,
    renditions,
    // Segments end at key frames, which come that often.
    ...(copies ? {} : { maxSegmentUs: Math.ceil(segmentUs / keyUs) * keyUs }),
  };
}
