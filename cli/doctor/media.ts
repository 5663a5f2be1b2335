import type { HardwareEncoderState } from '../../streams/libav/hardware-encoders.js';
import type { MediaReport } from './report.js';

/** An encoder that is always there: when it encodes a picture, FFmpeg works. */
const PLAIN_ENCODER = 'mpeg4';
const ENCODERS_MS = 8000;

/** Tries the bundled FFmpeg, its hardware encoders, and the user's own one. */
export async function mediaReport(): Promise<MediaReport> {
  const [bundled, external] = await Promise.all([bundledReport(), externalReport()]);
  return { ...bundled, external };
}

async function bundledReport(): Promise<Pick<MediaReport, 'ffmpeg' | 'hardwareEncoders'>> {
  try {
    // Imported here, so that a native library that does not load is a line in the report.
    const { libavCapabilities } = await import('../../streams/libav/capabilities.js');
    const { tryHardwareEncoders } = await import('../../streams/libav/hardware-encoders.js');
    const { hardwareEncoders, version, licence, decoders, videoEncoders, audioEncoders } = libavCapabilities();
    const [plain, ...hardware] = await tryHardwareEncoders([PLAIN_ENCODER, ...hardwareEncoders], ENCODERS_MS);
    if (plain?.works !== true) return broken(`it cannot encode: ${plain?.reason}`, hardware);
    const ffmpeg = { works: true, version, licence, decoders, videoEncoders, audioEncoders } as const;
    return { ffmpeg, hardwareEncoders: hardware };
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error), []);
  }
}

function broken(
  reason: string,
  hardwareEncoders: readonly HardwareEncoderState[],
): Pick<MediaReport, 'ffmpeg' | 'hardwareEncoders'> {
  return { ffmpeg: { works: false, reason }, hardwareEncoders };
}

async function externalReport(): Promise<MediaReport['external']> {
  const path = process.env.FFMPEG_PATH || 'ffmpeg';
  try {
    const { FfmpegBinary } = await import('../../streams/external/ffmpeg-binary.js');
    const { version } = await FfmpegBinary.find(path);
    return { works: true, path, version };
  } catch {
    return { works: false, path, reason: 'it is not in the search path, or does not run' };
  }
}
