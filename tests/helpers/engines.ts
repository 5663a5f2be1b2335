import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { AV_FRAME_FLAG_INTERLACED } from 'node-av/constants';
import { chromaShift, type Microseconds, type VideoFrame } from '../../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from '../../streams/encoding.js';
import type { FrameEncoder, MediaEngine, PictureReader } from '../../streams/engine.js';
import { externalEngine } from '../../streams/external/external-engine.js';
import type { FilmInfo, ReadReport, VideoInfo } from '../../streams/film.js';
import type { EncodedStream } from '../../streams/libav/encoded-stream.js';
import { libavEngine } from '../../streams/libav/libav-engine.js';
import { intakeOf } from '../../streams/libav/pixel-formats.js';
import { probe } from '../../streams/libav/probe.js';

/** The user's ffmpeg, where there is one. */
export const external: MediaEngine | undefined = await externalEngine().catch(() => undefined);

/** Rows for `describe.each`; tests of an engine that is not here skip, and its name says why. */
export const engines: readonly (readonly [string, MediaEngine, { readonly skip: boolean }])[] = [
  ['libav', libavEngine, { skip: false }],
  external === undefined
    ? ['external (skipped: no ffmpeg is installed, and FFMPEG_PATH names none)', libavEngine, { skip: true }]
    : ['external', external, { skip: false }],
];

export interface ReadPicture {
  readonly ptsUs: Microseconds;
  readonly durationUs: Microseconds;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** Of the luma plane, without padding. */
  readonly luma: string;
}

export interface ReadFilm {
  readonly info: FilmInfo;
  readonly report: ReadReport;
  readonly pictures: readonly ReadPicture[];
}

export const emptyReport = (): ReadReport => ({
  skipped: 0,
  damaged: 0,
  retimed: 0,
  rescaled: 0,
  dropped: 0,
  truncated: false,
});

export async function openReader(
  engine: MediaEngine,
  path: string,
  startUs?: Microseconds,
): Promise<{ reader: PictureReader; info: FilmInfo; report: ReadReport }> {
  const info = await probe(path);
  const report = emptyReport();
  const video = info.video as VideoInfo;
  const reader = await engine.openReader({ path, video, startUs, sequenceRate: undefined, report });
  return { reader, info, report };
}

/** Decodes a whole film, or what comes from `startUs` on. */
export async function readFilm(engine: MediaEngine, path: string, startUs?: Microseconds): Promise<ReadFilm> {
  const { reader, info, report } = await openReader(engine, path, startUs);
  const pictures: ReadPicture[] = [];
  const wide = intakeOf((info.video as VideoInfo).sourcePixelFormat).pixelFormat.endsWith('10');
  try {
    for (let next = await reader.next(); next !== undefined; next = await reader.next()) {
      const { frame, ptsUs, durationUs } = next;
      const { width, height } = frame;
      const luma = createHash('md5');
      const [plane] = frame.data as [Buffer];
      for (let y = 0; y < height; y++) {
        const start = y * (frame.linesize[0] as number);
        luma.update(plane.subarray(start, start + width * (wide ? 2 : 1)));
      }
      const interlaced = frame.hasFlags(AV_FRAME_FLAG_INTERLACED);
      pictures.push({ ptsUs, durationUs, width, height, interlaced, luma: luma.digest('hex') });
      frame.free();
    }
  } finally {
    await reader.close();
  }
  return { info, report, pictures };
}

export interface EncodedFilm {
  readonly packets: readonly {
    readonly pts: bigint;
    readonly dts: bigint;
    readonly isKey: boolean;
    readonly size: number;
  }[];
  readonly stream: EncodedStream;
}

/** Encodes frames, closing them, even when the encoder fails. */
export async function encodeFrames(
  engine: MediaEngine,
  options: EncodingOptions & { readonly videoCodec: string },
  frames: Iterable<VideoFrame>,
  input: EncoderInput,
): Promise<EncodedFilm> {
  const packets: EncodedFilm['packets'][number][] = [];
  let encoder: FrameEncoder | undefined;
  try {
    encoder = await engine.openEncoder(options, input, ({ pts, dts, isKeyframe, size }) => {
      packets.push({ pts, dts, isKey: isKeyframe, size });
    });
    for (const frame of frames) {
      await encoder.write(frame).finally(() => frame.close());
    }
    await encoder.finish();
    return { packets, stream: encoder.stream() };
  } finally {
    await encoder?.close();
  }
}

/** A picture that differs with its number, in luma and chroma. */
export function paint(frame: VideoFrame): void {
  const shift = chromaShift(frame.pixelFormat);
  for (const plane of [0, 1, 2] as const) {
    const data = frame.plane(plane);
    const width = plane === 0 ? frame.width : (frame.width + shift.x) >> shift.x;
    for (let i = 0; i < data.length; i++) data[i] = (i % width) + Math.floor(i / width) + frame.index * (3 + plane);
  }
}

/** Process ids of the ffmpeg children of this process that run now; only Linux tells. */
export function ffmpegChildren(): number[] {
  const children = readdirSync('/proc/self/task').flatMap(childrenOf);
  return children.filter((pid) => pid !== '' && isFfmpeg(pid)).map(Number);
}

/** Of a thread of this process; none where it has ended since it was listed. */
function childrenOf(thread: string): string[] {
  try {
    return readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ');
  } catch {
    return [];
  }
}

/** True while a process of this id runs and is ffmpeg. */
export function isFfmpeg(pid: string | number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'ffmpeg';
  } catch {
    return false;
  }
}
