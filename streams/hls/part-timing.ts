import { type Microseconds, rationalValue, VitascopeError } from '../../pipeline/index.js';
import type { EncodedTrack } from '../live/live-types.js';

/** How long parts and segments shall be. */
export interface HlsTimingOptions {
  /** Length of a part, microseconds, 50 000–2 000 000; made a whole number of pictures. Default 200 000. */
  readonly partUs?: Microseconds | undefined;
  /** Length of a segment, microseconds, at least a part. A segment ends at the first key frame after that. Default 2 000 000. */
  readonly segmentUs?: Microseconds | undefined;
  /** Without a key frame a segment ends here. Default twice `segmentUs`. */
  readonly maxSegmentUs?: Microseconds | undefined;
}

/** Lengths that a rendition keeps for as long as it lives. */
export interface HlsTiming {
  /** No part is longer. */
  readonly partTargetUs: Microseconds;
  readonly segmentUs: Microseconds;
  /** No segment is longer: EXT-X-TARGETDURATION, in whole seconds. */
  readonly targetDurationS: number;
  /** One picture, or one packet of sound where there are no pictures. */
  readonly frameUs: Microseconds;
}

/** RTMP rounds times to milliseconds: two such roundings. */
const ROUNDING_US = 2000;
const UNKNOWN_FRAME_US = 40_000;

/** @throws VitascopeError `OPTION_INVALID` */
export function hlsTiming(tracks: readonly EncodedTrack[], options: HlsTimingOptions = {}): HlsTiming {
  const partUs = between('partUs', options.partUs ?? 200_000, 50_000, 2_000_000);
  const segmentUs = between('segmentUs', options.segmentUs ?? 2_000_000, partUs, 60_000_000);
  const maxSegmentUs = between('maxSegmentUs', options.maxSegmentUs ?? 2 * segmentUs, segmentUs, 120_000_000);
  const frameUs = frameLength(tracks);
  const frames = Math.max(1, Math.round(partUs / frameUs));
  const partTargetUs = Math.ceil((frames * frameUs + ROUNDING_US) / 1000) * 1000;
  const targetDurationS = Math.ceil(Math.max(maxSegmentUs, partTargetUs) / 1e6);
  return { partTargetUs, segmentUs, targetDurationS, frameUs };
}

function between(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new VitascopeError('OPTION_INVALID', `HLS: ${name} must be ${least}–${most}, got ${value}`);
}

function frameLength(tracks: readonly EncodedTrack[]): Microseconds {
  const video = tracks.find((track) => track.kind === 'video');
  if (video !== undefined) {
    const rate = rationalValue(video.frameRate);
    return rate > 0 ? Math.round(1e6 / rate) : UNKNOWN_FRAME_US;
  }
  const audio = tracks.find((track) => track.kind === 'audio');
  const samples = audio?.codec === 'aac' ? 1024 : 960;
  return audio === undefined ? UNKNOWN_FRAME_US : Math.round((samples * 1e6) / audio.sampleRate);
}
