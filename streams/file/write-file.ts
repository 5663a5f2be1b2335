import { access, readFile, rename, rm, writeFile as writeText } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { AVFMT_GLOBALHEADER } from 'node-av/constants';
import { OutputFormat } from 'node-av/lib';
import type { Observable } from 'rxjs';
import { type Microseconds, type VideoSample, VitascopeError } from '../../pipeline/index.js';
import { type Container, containerOf } from '../containers/containers.js';
import type { EncodingOptions } from '../encoding.js';
import type { MediaEngine } from '../engine.js';
import type { Film } from '../film.js';
import { libavEngine } from '../libav/libav-engine.js';
import { findEncoder } from '../libav/video-encoder.js';
import { type AddedSound, assemble } from './assemble.js';
import { type FilmPiece, holdsPictures, type LinesRecord, readFinishedPiece } from './piece.js';
import { type FrameLines, LinesOnlyPiece } from './piece-lines.js';
import { PieceSequence, type PieceSequenceOptions } from './piece-sequence.js';
import { PieceSink } from './piece-sink.js';
import { planTracks, type TrackAction } from './track-plan.js';
import { outputError, WorkFolder } from './work-folder.js';

/** How to encode, what may be replaced or left out, and how the work is cut into pieces. */
export interface WriteFileOptions extends EncodingOptions {
  /** Replace an existing output. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Leave out sound and subtitles that the container cannot hold instead of refusing. Default false. */
  readonly dropUnsupported?: boolean | undefined;
  /** Encode the video even when it is untouched. Default false: its packets are copied. */
  readonly reencode?: boolean | undefined;
  /** Who encodes. Default the bundled FFmpeg. */
  readonly engine?: MediaEngine | undefined;
  /** Seconds of film in a piece. Default 10, at least 1. */
  readonly pieceSeconds?: number | undefined;
  /** Stops at once and leaves the finished pieces; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WriteProgress) => void) | undefined;
}

/** How far the writing is. */
export interface WriteProgress {
  readonly phase: 'encoding' | 'sound' | 'assembling';
  /** Frames encoded, those of earlier runs included. */
  readonly frames: number;
  /** Moment of the film that has been reached. */
  readonly ptsUs: Microseconds;
  /** Bytes of finished pieces. */
  readonly bytes: number;
}

/** What was written. */
export interface WriteResult {
  readonly path: string;
  readonly frames: number;
  /** Tracks of the original that are not in the output, and why. */
  /** Set when the encoder needed even sides and the last column or row was repeated. */
  readonly widenedTo?: { readonly width: number; readonly height: number } | undefined;
  readonly leftOut: readonly {
    readonly track: number;
    readonly kind: string;
    readonly codec: string;
    readonly why: string;
  }[];
}

const DEFAULT_PIECE_SECONDS = 10;

/**
 * Writes a film: its `video` stream encoded, or copied packet by packet while it is untouched; and from the original, unchanged, every
 * other track, chapters, attachments, metadata, languages and dispositions. The container follows the extension.
 *
 * Frames are consumed and closed. The work is done in pieces in a folder beside the output, which appears under its
 * name only when complete; on failure nothing is left but, for a job that can resume, the finished pieces.
 *
 * @throws VitascopeError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`, `OUTPUT_IN_USE`, `CONTAINER_UNKNOWN`,
 * `CONTAINER_CODEC`, `ENCODER_UNKNOWN`, `ENCODER_FAILED`, `OPTION_INVALID`, and whatever the stream fails with.
 * @example
 * await writeFile('out.mp4', { ...film, video: film.video.pipe(colorize()) }, { crf: 20 });
 */
export async function writeFile(path: string, film: Film, options: WriteFileOptions = {}): Promise<WriteResult> {
  const writer = await FilmWriter.open(path, film, options, { kind: 'once' }, true);
  try {
    if (writer.encodes) await writer.encode(film.video);
    return await writer.complete();
  } catch (error) {
    await writer.abandon({ keepPieces: false });
    throw error;
  }
}

/** Options of {@link FilmWriter.open}. */
export interface FilmWriterOptions extends WriteFileOptions {
  /** What is kept of each frame besides its picture, in the work folder, for as long as that is there. */
  readonly lines?: FrameLines | undefined;
  /** Only {@link lines} are kept of the frames that come: packets of the video are copied. */
  readonly linesOnly?: boolean | undefined;
  /** Index of a track in whose place made sound will come. */
  readonly replacedSound?: number | undefined;
}

/** The steps of {@link writeFile} one by one, for jobs that resume. */
export class FilmWriter {
  readonly path: string;
  /** False when no frames are taken, since video packets are copied. */
  readonly encodes: boolean;
  /** Pieces that an earlier run of the same job has finished. */
  readonly done: readonly FilmPiece[];
  readonly #film: Film;
  readonly #options: FilmWriterOptions;
  readonly #container: Container;
  readonly #tracks: readonly TrackAction[];
  readonly #work: WorkFolder;
  readonly #sink: PieceSink | PieceSequence<LinesRecord> | undefined;

  private constructor(
    path: string,
    film: Film,
    options: FilmWriterOptions,
    container: Container,
    tracks: readonly TrackAction[],
    work: WorkFolder,
    done: readonly FilmPiece[],
  ) {
    this.path = path;
    this.#film = film;
    this.#options = options;
    this.#container = container;
    this.#tracks = tracks;
    this.#work = work;
    this.done = done;
    this.encodes = options.linesOnly === true || encodesVideo(film, options);
    this.#sink = this.encodes ? this.#createSink() : undefined;
  }

  /**
   * Checks everything that can be known beforehand and opens the work folder.
   *
   * @param job What the pieces depend on besides the input and the encoding; the same job resumes.
   * @param restart Throw away what an earlier run has left.
   */
  static async open(
    path: string,
    film: Film,
    options: FilmWriterOptions,
    job: object,
    restart: boolean,
  ): Promise<FilmWriter> {
    checkPieceSeconds(options.pieceSeconds);
    const container = containerOf(path);
    const tracks = planTracks(film.info, container, options.dropUnsupported ?? false, options.replacedSound);
    if (encodesVideo(film, options) && options.engine?.name !== 'external')
      findEncoder(options.videoCodec ?? container.videoCodec);
    await assertFree(path, film, options.overwrite ?? false);
    const identity = { version: 1, ...jobIdentity(film, options, container), ...job };
    const work = await WorkFolder.open(path, identity, { restart });
    const done = options.linesOnly === true ? await work.pieces<LinesRecord>(readFinishedPiece) : await work.pieces();
    return new FilmWriter(path, film, options, container, tracks, work, done);
  }

  /** The work folder. */
  get folder(): string {
    return this.#work.path;
  }

  get container(): Container {
    return this.#container;
  }

  /** Finished pieces, those of earlier runs included. */
  get pieces(): readonly FilmPiece[] {
    return this.#sink?.pieces ?? [];
  }

  /** Frames in finished pieces. */
  get frames(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.frames, 0);
  }

  /** Consumes the frames, and encodes them unless only their lines are kept. */
  async encode(video: Observable<VideoSample>): Promise<void> {
    await this.#sink?.consume(video, this.#options.signal);
  }

  /** Muxes the output, gives it its name and removes the work folder. @param sound A track that was made for it; it stays the caller's. */
  async complete(sound?: AddedSound): Promise<WriteResult> {
    const frames = await this.#assembleTo(this.path, undefined, sound);
    const superseded = await readFile(this.#partialMarker, 'utf8').catch(() => undefined);
    if (superseded !== undefined) await rm(superseded, { force: true });
    await this.#work.remove();
    return { path: this.path, frames, widenedTo: this.#widenedTo(), leftOut: this.#leftOut() };
  }

  /**
   * Muxes what is finished so far into a playable file beside the output and keeps the work, so that the job can go on.
   *
   * @param sound A track that was made for what is finished; it stays the caller's.
   * @returns its path, or nothing when no piece is finished.
   */
  async completePartially(sound?: AddedSound): Promise<string | undefined> {
    const until = this.pieces.at(-1)?.untilUs;
    if (until === undefined) return undefined;
    const extension = extname(this.path);
    const partial = join(dirname(this.path), `${basename(this.path, extension)}.partial${extension}`);
    await this.#assembleTo(partial, until, sound);
    await writeText(this.#partialMarker, partial);
    await this.#work.release();
    return partial;
  }

  /** Notes the partial file, which the complete one makes superfluous. */
  get #partialMarker(): string {
    return join(this.#work.path, 'partial');
  }

  /** Gives up: keeps finished pieces for another run, or removes everything. */
  async abandon({ keepPieces }: { keepPieces: boolean }): Promise<void> {
    if (keepPieces && this.pieces.length > 0) await this.#work.release();
    else await this.#work.remove();
  }

  async #assembleTo(path: string, untilUs: Microseconds | undefined, sound: AddedSound | undefined): Promise<number> {
    const { pieces } = this;
    if (this.#sink !== undefined && pieces.length === 0) {
      throw new VitascopeError('INPUT_EMPTY', `no frames came to write into ${path}`);
    }
    const { frames } = this;
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    const sequence = /%0?\d*d/.test(path);
    const temporary = sequence ? path : join(this.#work.path, `assembled${extname(path)}`);
    try {
      await assemble({
        film: this.#film,
        container: this.#container,
        output: temporary,
        tracks: this.#tracks,
        video: this.#sink instanceof PieceSink ? { folder: this.#work.path, pieces: this.#sink.pieces } : undefined,
        sound,
        untilUs,
        signal: this.#options.signal,
        onProgress: (ptsUs) => this.#options.onProgress?.({ phase: 'assembling', frames, ptsUs, bytes }),
      });
      if (!sequence) await rename(temporary, path);
    } catch (error) {
      if (!sequence) await rm(temporary, { force: true });
      throw error instanceof VitascopeError ? error : outputError(path, error);
    }
    return frames;
  }

  #createSink(): PieceSink | PieceSequence<LinesRecord> {
    const { engine, pieceSeconds = DEFAULT_PIECE_SECONDS, onProgress, videoCodec, lines, linesOnly } = this.#options;
    const container = this.#container;
    const useDefaults = videoCodec === undefined || videoCodec === container.videoCodec;
    const encoding = {
      ...withDefaults(this.#options, useDefaults ? container.videoOptions : {}),
      videoCodec: videoCodec ?? container.videoCodec,
    };
    let frames = this.done.reduce((sum, piece) => sum + piece.frames, 0);
    let bytes = this.done.reduce((sum, piece) => sum + piece.bytes, 0);
    const folder = this.#work.path;
    const cut: Omit<PieceSequenceOptions<FilmPiece>, 'open' | 'done'> = {
      pieceUs: pieceSeconds * 1e6,
      originUs: this.#film.range.fromUs ?? 0,
      onFrame: ({ ptsUs }) => onProgress?.({ phase: 'encoding', frames: ++frames, ptsUs, bytes }),
      onPiece: (piece) => {
        bytes += piece.bytes;
      },
    };
    if (linesOnly === true && lines !== undefined) {
      const done = this.done.filter((piece) => !holdsPictures(piece)) as readonly LinesRecord[];
      return new PieceSequence({ ...cut, done, open: (_first, index) => LinesOnlyPiece.open(folder, index, lines) });
    }
    return new PieceSink({
      ...cut,
      engine: engine ?? libavEngine,
      encoding,
      folder,
      source: this.#film.info.video as NonNullable<Film['info']['video']>,
      globalHeader: needsGlobalHeader(container),
      done: this.done.filter(holdsPictures),
      lines,
    });
  }

  #widenedTo(): WriteResult['widenedTo'] {
    const first = this.pieces[0];
    if (first === undefined || !holdsPictures(first)) return undefined;
    const { width, height } = first.stream;
    return width === first.frameSize.width && height === first.frameSize.height ? undefined : { width, height };
  }

  #leftOut(): WriteResult['leftOut'] {
    return this.#tracks
      .filter((a) => a.do === 'leave-out')
      .map(({ track, why }) => ({ track: track.index, kind: track.kind, codec: track.codec, why }));
  }
}

function encodesVideo(film: Film, options: WriteFileOptions): boolean {
  return film.video !== film.untouchedVideo || (options.reencode === true && film.info.video !== undefined);
}

/** Options of the container's usual encoder, below those that were given. */
function withDefaults(options: WriteFileOptions, defaults: Readonly<Record<string, string>>): EncodingOptions {
  const { crf, preset, ...rest } = defaults;
  return {
    crf: options.crf ?? (crf === undefined ? undefined : Number(crf)),
    preset: options.preset ?? preset,
    pixelFormat: options.pixelFormat,
    threads: options.threads,
    options: { ...rest, ...options.options },
  };
}

function needsGlobalHeader(container: Container): boolean {
  const format = OutputFormat.guessFormat(container.muxer, null, null);
  return ((format?.flags ?? 0) & AVFMT_GLOBALHEADER) !== 0;
}

function checkPieceSeconds(seconds: number | undefined): void {
  if (seconds === undefined || seconds >= 1) return;
  throw new VitascopeError('OPTION_INVALID', `pieceSeconds must be at least 1, got ${seconds}`);
}

async function assertFree(path: string, film: Film, overwrite: boolean): Promise<void> {
  if (path === film.info.path) {
    throw new VitascopeError('OUTPUT_EXISTS', `${path} is the input; write to another file`, { context: { path } });
  }
  if (overwrite || /%0?\d*d/.test(path)) return;
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new VitascopeError('OUTPUT_EXISTS', `${path} exists; give --overwrite to replace it`, { context: { path } });
}

function jobIdentity(film: Film, options: FilmWriterOptions, container: Container): object {
  const { info, range } = film;
  return {
    input: { path: info.path, bytes: info.bytes, durationUs: info.durationUs ?? null },
    range,
    container: container.muxer,
    ...(options.linesOnly === true ? { copied: true } : {}),
    encoding: {
      videoCodec: options.videoCodec ?? container.videoCodec,
      crf: options.crf ?? null,
      preset: options.preset ?? null,
      pixelFormat: options.pixelFormat ?? null,
      options: options.options ?? {},
      engine: options.engine?.name ?? 'libav',
      pieceSeconds: options.pieceSeconds ?? DEFAULT_PIECE_SECONDS,
    },
  };
}
