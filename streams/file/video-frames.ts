import { avGetPixFmtName } from 'node-av/lib';
import { Observable, type Subscriber } from 'rxjs';
import {
  asVitascopeError,
  FramePool,
  type Microseconds,
  type PictureFormat,
  type VideoSample,
  VitascopeError,
} from '../../pipeline/index.js';
import type { PictureReader } from '../engine.js';
import type { FilmInfo, FilmRange, ReadReport, VideoInfo } from '../film.js';
import type { DecodedPicture } from '../libav/decoded-picture.js';
import { libavEngine } from '../libav/libav-engine.js';
import { PictureIntake } from '../libav/picture-intake.js';
import { intakeOf } from '../libav/pixel-formats.js';
import { endedEarly } from './ended-early.js';
import type { OpenFileOptions } from './open-options.js';

/** What must be added to a moment of the pipeline to get the container's own time. */
export function timeOrigin(info: FilmInfo): Microseconds {
  return info.arbitraryOrigin ? info.startUs : 0;
}

/** The pictures of a film as a cold stream: each subscription decodes anew, and unsubscribing stops it. */
export function videoFrames(
  info: FilmInfo,
  video: VideoInfo,
  options: OpenFileOptions,
  report: ReadReport,
): Observable<VideoSample> {
  return new Observable<VideoSample>((subscriber) => {
    const abort = new AbortController();
    const pump = new VideoPump(info, video, options, report, subscriber, abort.signal);
    void pump.run().catch((error: unknown) => {
      if (!abort.signal.aborted) subscriber.error(asVitascopeError(error, 'DECODE_FAILED', info.path));
    });
    return () => abort.abort();
  });
}

/** Carries pictures from a reader to a subscriber, each when the pool has a slot for it. */
class VideoPump {
  readonly #info: FilmInfo;
  readonly #video: VideoInfo;
  readonly #options: OpenFileOptions;
  readonly #report: ReadReport;
  readonly #subscriber: Subscriber<VideoSample>;
  readonly #signal: AbortSignal;
  readonly #pool: FramePool;
  readonly #originUs: Microseconds;
  /** On the pipeline's timeline; nothing when the film is read from its beginning. */
  readonly #fromUs: Microseconds | undefined;
  readonly #toUs: Microseconds;
  #intake: PictureIntake | undefined;
  #emitted = 0;
  #nextIndex: number;

  constructor(
    info: FilmInfo,
    video: VideoInfo,
    options: OpenFileOptions,
    report: ReadReport,
    subscriber: Subscriber<VideoSample>,
    signal: AbortSignal,
  ) {
    this.#info = info;
    this.#video = video;
    this.#options = options;
    this.#report = report;
    this.#subscriber = subscriber;
    this.#signal = signal;
    this.#pool = new FramePool({ slots: options.slots ?? 16, policy: options.policy, name: info.path });
    this.#originUs = timeOrigin(info);
    const wholeFilm = options.fromUs === undefined && options.resume === undefined;
    this.#fromUs = wholeFilm ? undefined : Math.max(options.fromUs ?? 0, options.resume?.warmupFromUs ?? 0);
    this.#toUs = options.toUs ?? Number.POSITIVE_INFINITY;
    this.#nextIndex = options.resume?.index ?? 0;
  }

  async run(): Promise<void> {
    const reader = await (this.#options.engine ?? libavEngine).openReader({
      path: this.#info.path,
      video: this.#video,
      startUs: this.#fromUs === undefined ? undefined : this.#fromUs + this.#originUs,
      sequenceRate: this.#options.sequenceRate,
      report: this.#report,
    });
    try {
      await this.#readAll(reader);
    } finally {
      this.#intake?.close();
      await reader.close();
    }
    if (this.#signal.aborted) return;
    if (this.#emitted === 0 && this.#options.resume === undefined) throw emptyInput(this.#info, this.#options);
    this.#subscriber.complete();
  }

  async #readAll(reader: PictureReader): Promise<void> {
    let endUs = Number.POSITIVE_INFINITY;
    while (!this.#signal.aborted) {
      const picture = await reader.next();
      if (picture === undefined) {
        this.#report.truncated ||= endedEarly(this.#info, this.#video, endUs, this.#toUs + this.#originUs);
        return;
      }
      try {
        endUs = picture.ptsUs + picture.durationUs;
        if (!(await this.#take(picture))) return;
      } finally {
        picture.frame.free();
      }
    }
  }

  /** Emits a picture if it lies in the range. @returns false when the range is over. */
  async #take(picture: DecodedPicture): Promise<boolean> {
    const ptsUs = picture.ptsUs - this.#originUs;
    if (this.#fromUs !== undefined && ptsUs < this.#fromUs) return true;
    if (ptsUs >= this.#toUs) return false;
    this.#intake ??= new PictureIntake(formatOf(picture.frame, this.#video), this.#report);
    const timing = { ptsUs, durationUs: picture.durationUs, index: this.#number(ptsUs) };
    const frame = await this.#intake.take(picture.frame, timing, this.#pool, this.#signal);
    this.#emitted++;
    if (frame === undefined) this.#report.dropped++;
    else if (this.#signal.aborted) frame.close();
    else this.#subscriber.next({ frame, meta: {} });
    return true;
  }

  #number(ptsUs: Microseconds): number {
    const { resume } = this.#options;
    return resume !== undefined && ptsUs < resume.atUs ? resume.index - 1 : this.#nextIndex++;
  }
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
    rotation: video.rotation,
  };
}

function emptyInput(info: FilmInfo, { fromUs, toUs }: FilmRange): VitascopeError {
  const part = fromUs === undefined && toUs === undefined ? '' : ' in the chosen part';
  return new VitascopeError('INPUT_EMPTY', `${info.path} holds no frames${part}`, {
    context: { path: info.path, fromUs, toUs },
  });
}
