import type { MediaEngine } from '../engine.js';
import { ExternalEncoder } from './external-encoder.js';
import { ExternalReader } from './external-reader.js';
import { FfmpegBinary } from './ffmpeg-binary.js';

export interface ExternalEngineOptions {
  /** The ffmpeg binary. Default the environment variable `FFMPEG_PATH`, else `ffmpeg` in the search path. */
  readonly ffmpegPath?: string | undefined;
}

/** A {@link MediaEngine} that also says whose it is. */
export interface ExternalEngine extends MediaEngine {
  readonly name: 'external';
  readonly ffmpegPath: string;
  /** As the binary writes it, e.g. `5.1.9-0+deb12u1`. */
  readonly ffmpegVersion: string;
}

/**
 * An engine that decodes and encodes with the user's own `ffmpeg`, for encoders, devices and licences that the bundled one lacks. Raw pictures
 * cross pipes as NUT, so timestamps are exact; every reader and encoder is a child process that ends with it.
 *
 * It differs from the bundled engine where a pipe of raw pictures must: whether pictures are interlaced, their colour tags and their shape are
 * the track's, not each picture's own; damaged pictures are known from what ffmpeg says; a change of resolution
 * counts once in `report.rescaled`, not once a frame; it is slower.
 *
 * @throws VitascopeError `ENGINE_MISSING` when the binary does not run.
 * @example
 * const film = await openFile('reel.mkv', { engine: await externalEngine({ ffmpegPath: '/opt/ffmpeg/bin/ffmpeg' }) });
 */
export async function externalEngine(options: ExternalEngineOptions = {}): Promise<ExternalEngine> {
  const binary = await FfmpegBinary.find(options.ffmpegPath ?? (process.env.FFMPEG_PATH || 'ffmpeg'));
  return {
    name: 'external',
    ffmpegPath: binary.path,
    ffmpegVersion: binary.version,
    openReader: (request) => ExternalReader.open(binary, request),
    openEncoder: (encoding, input, onPacket) => ExternalEncoder.open(binary, encoding, input, onPacket),
  };
}
