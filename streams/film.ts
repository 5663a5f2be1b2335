import type { Observable } from 'rxjs';
import type { FieldOrder, Microseconds, PictureFormat, Rational, VideoSample } from '../pipeline/index.js';
import type { Chapter } from './containers/chapter.js';

/** What a track holds, by FFmpeg's media types. */
export type TrackKind = 'video' | 'audio' | 'subtitle' | 'data' | 'attachment';

/** One track of a container, in the container's order. */
export interface TrackInfo {
  readonly index: number;
  readonly kind: TrackKind;
  /** FFmpeg's codec name, e.g. `h264`, `pcm_s16le`, `subrip`. */
  readonly codec: string;
  /** ISO 639 code as the container has it. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** FFmpeg's disposition names that are set, e.g. `default`, `forced`, `comment`, `attached_pic`. */
  readonly dispositions: readonly string[];
  readonly startUs: Microseconds | undefined;
  readonly durationUs: Microseconds | undefined;
  readonly bitRate: number | undefined;
  /** Audio only: hertz, channels, layout in words. */
  readonly audio: { readonly sampleRate: number; readonly channels: number; readonly layout: string } | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The video track that a film is about, as its frames will come. */
export interface VideoInfo extends PictureFormat {
  readonly trackIndex: number;
  readonly codec: string;
  /** FFmpeg's name of what the decoder yields; {@link PictureFormat.pixelFormat} is what the pipeline makes of it. */
  readonly sourcePixelFormat: string;
  readonly timeBase: Rational;
  /** Average pictures a second; `0/1` when unknown. */
  readonly frameRate: Rational;
  /** True when the container's base and average frame rates differ: timing is uneven. */
  readonly variableFrameRate: boolean;
  readonly fieldOrder: FieldOrder | 'unknown';
  /** Degrees clockwise to turn the picture for display: 0, 90, 180 or 270. Frames come unturned. */
  readonly rotation: number;
  /** Number of frames when the container says, or an estimate from duration and rate. */
  readonly frames: { readonly count: number; readonly exact: boolean } | undefined;
}

/** What is in a file, without decoding it. */
export interface FilmInfo {
  readonly path: string;
  /** FFmpeg's name of the container, e.g. `matroska,webm`. */
  readonly container: string;
  readonly containerLongName: string;
  readonly bytes: number;
  readonly startUs: Microseconds;
  readonly durationUs: Microseconds | undefined;
  readonly bitRate: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly chapters: readonly Chapter[];
  readonly tracks: readonly TrackInfo[];
  readonly video: VideoInfo | undefined;
  /** Timestamps of the container count from an arbitrary origin (MPEG-TS, MPEG-PS). */
  readonly arbitraryOrigin: boolean;
}

/** Which part of a film to read, on the source's timeline counted from the film's start. */
export interface FilmRange {
  /** First moment, inclusive. Default 0. */
  readonly fromUs?: Microseconds | undefined;
  /** Last moment, exclusive. Default the end. */
  readonly toUs?: Microseconds | undefined;
}

/** Things that went wrong while reading and were survived. */
export interface ReadReport {
  /** Packets or frames that could not be decoded, and so are missing. */
  skipped: number;
  /** Frames that were decoded with errors and concealed. */
  damaged: number;
  /** Frames whose timestamp was missing or did not grow, and was made up. */
  retimed: number;
  /** Frames that were scaled because the resolution changed in mid-stream. */
  rescaled: number;
  /** Frames left out by the `drop` policy because every slot was taken. */
  dropped: number;
  /** Set when the file ended before its container said it would. */
  truncated: boolean;
}

export type Engine = 'libav' | 'external';

/**
 * An opened film: a description, and its video as a stream of frames. Everything else in the file (sound, subtitles,
 * chapters, attachments, metadata) is copied by whoever writes the film, from {@link FilmInfo.path}.
 */
export interface Film {
  readonly info: FilmInfo;
  /**
   * The pictures in order of time. Cold: each subscription decodes anew; unsubscribing stops the decoder. The subscriber owns
   * the frames. Replace it to process the film: `{ ...film, video: film.video.pipe(…) }`. Fails with `INPUT_NO_VIDEO` when
   * {@link FilmInfo.video} is undefined.
   */
  readonly video: Observable<VideoSample>;
  /** The video as it was opened: while `video` is the same object, writers copy packets and decode nothing. */
  readonly untouchedVideo: Observable<VideoSample>;
  readonly range: FilmRange;
  /** What was survived so far; filled in while frames are read. */
  readonly report: ReadReport;
}
