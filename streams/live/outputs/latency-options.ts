import { isHardwareEncoder } from '../../libav/hardware-encoders.js';

/** Rate and key frames of a live encoder. */
export interface LiveRate {
  /** Bits a second, on average and at most. */
  readonly bitrate: number;
  /** Milliseconds of {@link bitrate} within which the rate is kept: the size of the decoder's buffer. */
  readonly bufferMs: number;
  /** Pictures after which the encoder makes a key frame on its own. */
  readonly gop: number;
}

interface Tuning {
  readonly encoders: RegExp;
  readonly options: Readonly<Record<string, string>>;
}

/** What keeps an encoder from waiting for pictures to come, and makes it put a key frame where it is told, as an IDR picture. */
const tunings: readonly Tuning[] = [
  { encoders: /^libx264/, options: { preset: 'veryfast', tune: 'zerolatency', sc_threshold: '0', 'forced-idr': '1' } },
  {
    encoders: /^libx265$/,
    options: {
      preset: 'ultrafast',
      tune: 'zerolatency',
      'forced-idr': '1',
      'x265-params': 'scenecut=0:open-gop=0:log-level=none',
    },
  },
  {
    encoders: /_nvenc$/,
    options: {
      preset: 'p3',
      tune: 'ull',
      rc: 'cbr',
      zerolatency: '1',
      delay: '0',
      'forced-idr': '1',
      'no-scenecut': '1',
    },
  },
  { encoders: /_qsv$/, options: { preset: 'veryfast', async_depth: '1', look_ahead: '0', forced_idr: '1' } },
  { encoders: /_amf$/, options: { usage: 'ultralowlatency', rc: 'cbr', forced_idr: '1' } },
  { encoders: /_videotoolbox$/, options: { realtime: '1', prio_speed: '1' } },
  { encoders: /^libsvtav1$/, options: { preset: '10', 'svtav1-params': 'pred-struct=1:scd=0:force-key-frames=1' } },
];

/** Options of an encoder for a live stream, by FFmpeg's names: no B-frames, key frames where they are asked for, a kept rate. Others may replace them. */
export function latencyOptions(encoder: string, rate: LiveRate): Record<string, string> {
  const { bitrate, bufferMs, gop } = rate;
  const tuning = tunings.find(({ encoders }) => encoders.test(encoder));
  return {
    ...tuning?.options,
    b: String(bitrate),
    // SVT-AV1 knows a largest rate only without an average one.
    ...(encoder === 'libsvtav1'
      ? {}
      : { maxrate: String(bitrate), bufsize: String(Math.round((bitrate * bufferMs) / 1000)) }),
    ...(/^(libsvtav1|.*_v4l2m2m)$/.test(encoder) ? {} : { bf: '0' }),
    g: String(gop),
    ...(tuning === undefined && !isHardwareEncoder(encoder) ? { flags: '+low_delay' } : {}),
  };
}

/** Bits a pixel of a picture that a fast encoder makes look decent. */
const BITS_PER_PIXEL = 0.1;

/** A rate for pictures of a size, bits a second: about 2.8 Mbit/s at 720p30. */
export function defaultBitrate(width: number, height: number, framesPerSecond: number): number {
  return Math.max(150_000, Math.round(width * height * framesPerSecond * BITS_PER_PIXEL));
}
