import { avGetPixFmtName } from 'node-av/lib';
import { Observable, type Subscriber, throwError } from 'rxjs';
import {
  asVitascopeError,
  FramePool,
  type Microseconds,
  type PictureFormat,
  type VideoSample,
  VitascopeError,
} from '../../pipeline/index.js';
import type { MediaEngine } from '../engine.js';
import type { Film, FilmInfo, FilmRange, ReadReport, VideoInfo } from '../film.js';
import { libavEngine } from '../libav/libav-engine.js';
import { PictureIntake } from '../libav/picture-intake.js';
import { intakeOf } from '../libav/pixel-formats.js';
import { probe } from '../libav/probe.js';
import { endedEarly } from './ended-early.js';

/** Which part of a film to read, who decodes it, and how many frames may be open at once. */
export interface OpenFileOptions extends FilmRange {
  /** Frames that may be open at once: the size of the pool and so the bound on memory. Default 16. */
  readonly slots?: number | undefined;
  /** Pictures a second of an image sequence. Default 24. */
  readonly sequenceRate?: number | undefined;
  /** Who decodes. Default the bundled FFmpeg. */
  readonly engine?: MediaEngine | undefined;
  /** Begin in the middle of the range: what came before was done in another run. */
  readonly resume?: ResumePoint | undefined;
}

/** Where another run has stopped. */
export interface ResumePoint {
  /** Every frame before this moment is done. */
  readonly atUs: Microseconds;
  /** Number of the first frame that is not done. */
  readonly index: number;
  /** Frames from this earlier moment on are read as well, so that operators with memory can warm up; they are numbered `index - 1`. */
  readonly warmupFromUs: Microseconds;
}

/**
 * Opens a film file, an image, or an image sequence (`scan/%05d.png`) for reading.
 *
 * Nothing is decoded until {@link Film.video} is subscribed. Frames wait for slots (archive policy): nothing is lost, and memory
 * stays bounded however slow the operators are.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `OPTION_INVALID`. The stream of frames can fail with
 * `INPUT_EMPTY`, `DECODER_MISSING`, `DECODE_FAILED`, `FRAME_FORMAT`.
 * @example
 * const film = await openFile('reel.mkv');
 * await writeFile('out.mp4', { ...film, video: film.video.pipe(colorize({ strength: 0.8 })) });
 */
export async function openFile(path: string, options: OpenFileOptions = {}): Promise<Film> {
  checkRange(options);
  const info = await probe(path, options);
  const report: ReadReport = { skipped: 0, damaged: 0, retimed: 0, rescaled: 0, truncated: false };
  const { video } = info;
  const frames = video === undefined ? noVideo(info) : videoFrames(info, video, options, report);
  return {
    info,
    video: frames,
    untouchedVideo: frames,
    range: { fromUs: options.fromUs, toUs: options.toUs },
    report,
  };
}

function checkRange({ fromUs = 0, toUs }: FilmRange): void {
  if (!(fromUs >= 0)) throw new VitascopeError('OPTION_INVALID', `from must be 0 or later, got ${fromUs} µs`);
  if (toUs !== undefined && !(toUs > fromUs)) {
    throw new VitascopeError('OPTION_INVALID', `to must be later than from, got ${fromUs} µs to ${toUs} µs`);
  }
}

/** What must be added to a moment of the pipeline to get the container's own time. */
export function timeOrigin(info: FilmInfo): Microseconds {
  return info.arbitraryOrigin ? info.startUs : 0;
}

function noVideo({ path }: FilmInfo): Observable<VideoSample> {
  return throwError(() => new VitascopeError('INPUT_NO_VIDEO', `${path} holds no video`, { context: { path } }));
}

function videoFrames(
  info: FilmInfo,
  video: VideoInfo,
  options: OpenFileOptions,
  report: ReadReport,
): Observable<VideoSample> {
  return new Observable<VideoSample>((subscriber) => {
    const abort = new AbortController();
    void pump(info, video, options, report, subscriber, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) subscriber.error(asVitascopeError(error, 'DECODE_FAILED', info.path));
    });
    return () => abort.abort();
  });
}

async function pump(
  info: FilmInfo,
  video: VideoInfo,
  options: OpenFileOptions,
  report: ReadReport,
  subscriber: Subscriber<VideoSample>,
  signal: AbortSignal,
): Promise<void> {
  const origin = timeOrigin(info);
  const fromUs = Math.max(options.fromUs ?? 0, options.resume?.warmupFromUs ?? 0);
  const wholeFilm = options.fromUs === undefined && options.resume === undefined;
  const engine = options.engine ?? libavEngine;
  const pool = new FramePool({ slots: options.slots ?? 16, name: info.path });
  const reader = await engine.openReader({
    path: info.path,
    video,
    startUs: wholeFilm ? undefined : fromUs + origin,
    sequenceRate: options.sequenceRate,
    report,
  });
  let intake: PictureIntake | undefined;
  const { resume } = options;
  let emitted = 0;
  let numbered = resume?.index ?? 0;
  const toUs = options.toUs ?? Number.POSITIVE_INFINITY;
  let endUs = Number.POSITIVE_INFINITY;
  try {
    while (!signal.aborted) {
      const picture = await reader.next();
      if (picture === undefined) {
        if (endedEarly(info, video, endUs, toUs + origin)) report.truncated = true;
        break;
      }
      try {
        endUs = picture.ptsUs + picture.durationUs;
        const ptsUs = picture.ptsUs - origin;
        if (!wholeFilm && ptsUs < fromUs) continue;
        if (ptsUs >= toUs) break;
        intake ??= new PictureIntake(formatOf(picture.frame, video), report);
        const warmingUp = resume !== undefined && ptsUs < resume.atUs;
        const index = warmingUp ? resume.index - 1 : numbered++;
        const timing = { ptsUs, durationUs: picture.durationUs, index };
        const frame = await intake.take(picture.frame, timing, pool, signal);
        if (signal.aborted) frame.close();
        else subscriber.next({ frame, meta: {} });
        emitted++;
      } finally {
        picture.frame.free();
      }
    }
  } finally {
    intake?.close();
    await reader.close();
  }
  if (signal.aborted) return;
  if (emitted === 0 && resume === undefined) throw emptyInput(info, options);
  subscriber.complete();
}

/** The first picture decides the format of all: containers can be wrong about their tracks. */
function formatOf(picture: { width: number; height: number; format: number }, video: VideoInfo): PictureFormat {
  const name = avGetPixFmtName(picture.format as never) ?? video.sourcePixelFormat;
  return {
    pixelFormat: intakeOf(name).pixelFormat,
    width: picture.width,
    height: picture.height,
    sampleAspectRatio: video.sampleAspectRatio,
    color: video.color,
  };
}

function emptyInput(info: FilmInfo, { fromUs, toUs }: FilmRange): VitascopeError {
  const part = fromUs === undefined && toUs === undefined ? '' : ' in the chosen part';
  return new VitascopeError('INPUT_EMPTY', `${info.path} holds no frames${part}`, {
    context: { path: info.path, fromUs, toUs },
  });
}
