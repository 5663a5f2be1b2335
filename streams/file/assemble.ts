import {
  AV_CODEC_ID_MOV_TEXT,
  AV_CODEC_ID_PRORES,
  AV_CODEC_ID_SUBRIP,
  AV_CODEC_ID_WEBVTT,
  AV_DISPOSITION_DEFAULT,
  AV_PKT_DATA_DISPLAYMATRIX,
  type AVCodecID,
  AVFMT_FLAG_GENPTS,
} from 'node-av/constants';
import { CodecParameters, FormatContext, type Packet, type Stream } from 'node-av/lib';
import { type Microseconds, type Rational, rationalValue, toTicks, VitascopeError } from '../../pipeline/index.js';
import type { Chapter } from '../containers/chapter.js';
import type { Container } from '../containers/containers.js';
import { writeChapters } from '../containers/write-chapters.js';
import type { Film } from '../film.js';
import { avCheck, dictionary, tags } from '../libav/av.js';
import { type EncodedStream, parametersOf } from '../libav/encoded-stream.js';
import { openInput } from '../libav/input.js';
import { keyFrameBefore, seekPoint } from '../libav/seek-point.js';
import { CopiedPackets, type CopyRequest } from './copied-packets.js';
import { type MadeSound, SOUND_TIME_BASE } from './made-sound.js';
import { type PieceRecord, syncFile } from './piece.js';
import { PiecePackets, type TimedPacket } from './piece-packets.js';
import { SoundPackets } from './sound-packets.js';
import { subtitlePayload, subtitleText } from './subtitle-text.js';
import type { TextSubtitle, TrackAction } from './track-plan.js';
import { timeOrigin } from './video-frames.js';

/** A track of sound that was made for the film. It comes in the place of the track that is to be replaced, or after the video. */
export interface AddedSound extends MadeSound {
  /** True where the track it replaces is in it: then it keeps that one's name and language. */
  readonly isContinued: boolean;
  /** Of a track that continues none. */
  readonly title: string;
}

export interface AssemblyRequest {
  readonly film: Film;
  readonly container: Container;
  readonly output: string;
  readonly tracks: readonly TrackAction[];
  /** Encoded video; without it the video packets of the original are copied. */
  readonly video: { readonly folder: string; readonly pieces: readonly PieceRecord[] } | undefined;
  readonly sound?: AddedSound | undefined;
  /** Leave out what comes after this moment: the film is not finished. */
  readonly untilUs?: Microseconds | undefined;
  readonly sequenceRate?: number | undefined;
  readonly onProgress?: ((doneUs: Microseconds) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Packets written between two turns of the event loop. */
const PACKETS_PER_TURN = 64;

/**
 * Muxes the output: encoded video from finished pieces, everything else from the original, interleaved by time. Nothing is encoded.
 *
 * @throws VitascopeError `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`, `CONTAINER_CODEC`, `INPUT_CHANGED`, or the signal's reason.
 */
export async function assemble(request: AssemblyRequest): Promise<void> {
  const input = await openInput(request.film.info.path, request);
  // MPEG program streams leave times out, and muxers want them.
  input.setFlags(AVFMT_FLAG_GENPTS);
  try {
    const assembly = new Assembly(request, input);
    try {
      await assembly.run();
    } finally {
      assembly.close();
    }
  } finally {
    await input.closeInput();
  }
  const { info, range } = request.film;
  await writeChapters(request.output, request.container.muxer, chaptersIn(info.chapters, request, range.fromUs ?? 0));
  await syncFile(request.output).catch(() => undefined);
}

/** Chapters that touch the part that is written, moved to its timeline. */
function chaptersIn(chapters: readonly Chapter[], request: AssemblyRequest, fromUs: Microseconds): Chapter[] {
  const toUs = Math.min(
    request.film.range.toUs ?? Number.POSITIVE_INFINITY,
    request.untilUs ?? Number.POSITIVE_INFINITY,
  );
  return chapters
    .filter((c) => c.endUs > fromUs && c.startUs < toUs)
    .map((c) => ({ ...c, startUs: Math.max(0, c.startUs - fromUs), endUs: Math.min(c.endUs, toUs) - fromUs }));
}

interface OutputTrack {
  readonly stream: Stream;
  readonly convert: { readonly from: string; readonly to: TextSubtitle } | undefined;
}

class Assembly {
  readonly #request: AssemblyRequest;
  readonly #input: FormatContext;
  readonly #output = new FormatContext();
  readonly #tracks = new Map<number, OutputTrack>();
  #video: Stream | undefined;
  #sound: Stream | undefined;
  #opened = false;

  constructor(request: AssemblyRequest, input: FormatContext) {
    this.#request = request;
    this.#input = input;
  }

  async run(): Promise<void> {
    this.#createTracks();
    this.#open();
    this.#writeCovers();
    await this.#writePackets();
    avCheck(this.#output.writeTrailerSync(), 'OUTPUT_UNWRITABLE', this.#who);
  }

  close(): void {
    if (this.#opened) this.#output.closeOutputSync();
    this.#output.freeContext();
  }

  get #who(): string {
    return `cannot write ${this.#request.output}`;
  }

  #createTracks(): void {
    const { container, output, film, tracks, video, sound } = this.#request;
    avCheck(this.#output.allocOutputContext2(null, container.muxer, output), 'OUTPUT_UNWRITABLE', this.#who);
    const actions = new Map(tracks.map((a) => [a.track.index, a]));
    const isAdded = sound !== undefined && !tracks.some((action) => action.do === 'replace-sound');
    for (const source of this.#input.streams) {
      const action = actions.get(source.index);
      if (source.index === film.info.video?.trackIndex) {
        if (video === undefined) this.#addCopied(source, undefined);
        else this.#video = this.#addEncoded(source, video.pieces[0] as PieceRecord);
        if (isAdded) this.#sound = this.#addSound(sound, undefined);
      } else if (action?.do === 'replace-sound' && sound !== undefined) this.#sound = this.#addSound(sound, source);
      else if (action?.do === 'copy') this.#addCopied(source, undefined);
      else if (action?.do === 'convert-subtitle') this.#addCopied(source, { from: action.track.codec, to: action.to });
    }
    const metadata = film.info.metadata;
    this.#output.metadata = dictionary(without(metadata, containerTags));
  }

  #addCopied(source: Stream, convert: OutputTrack['convert']): void {
    const stream = this.#output.newStream(null);
    const parameters = copyParameters(source.codecpar);
    if (convert !== undefined) {
      parameters.codecId = subtitleCodecIds[convert.to];
      parameters.extradata = null;
    }
    parameters.codecTag = 0;
    stream.codecpar = parameters;
    parameters.free();
    describeLike(stream, source);
    stream.timeBase = source.timeBase;
    this.#tracks.set(source.index, { stream, convert });
  }

  #addEncoded(source: Stream, first: PieceRecord): Stream {
    const stream = this.#output.newStream(null);
    const parameters = parametersOf(withTagsOf(first.stream, this.#request.film));
    // The FourCC tells the profiles of ProRes apart; other muxers choose tags of their own.
    if (!['mov', 'matroska'].includes(this.#request.container.muxer) || parameters.codecId !== AV_CODEC_ID_PRORES) {
      parameters.codecTag = 0;
    }
    const matrix = source.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix !== null) parameters.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, matrix);
    stream.codecpar = parameters;
    parameters.free();
    describeLike(stream, source);
    stream.sampleAspectRatio = first.stream.sampleAspectRatio as never;
    stream.timeBase = first.timeBase as never;
    return stream;
  }

  #addSound(sound: AddedSound, replaced: Stream | undefined): Stream {
    const stream = this.#output.newStream(null);
    const parameters = copyParameters(sound.parameters);
    parameters.codecTag = 0;
    stream.codecpar = parameters;
    parameters.free();
    if (replaced !== undefined) describeLike(stream, replaced);
    else stream.disposition = AV_DISPOSITION_DEFAULT;
    // MP4 and QuickTime have no titles of tracks; players show the name of the handler.
    const name = ['mp4', 'mov'].includes(this.#request.container.muxer) ? 'handler_name' : 'title';
    if (!sound.isContinued) stream.metadata = dictionary({ [name]: sound.title });
    stream.timeBase = SOUND_TIME_BASE as never;
    return stream;
  }

  #open(): void {
    const { container } = this.#request;
    avCheck(this.#output.openOutputSync(), 'OUTPUT_UNWRITABLE', this.#who);
    this.#opened = true;
    // A single still is rewritten in place rather than numbered.
    const still = container.image && !/%0?\d*d/.test(this.#request.output);
    const options = { ...container.muxerOptions, ...(still ? { update: '1' } : {}) };
    avCheck(this.#output.writeHeaderSync(dictionary(options)), 'CONTAINER_CODEC', this.#who);
  }

  #writeCovers(): void {
    for (const [index, { stream }] of this.#tracks) {
      const cover = this.#input.streams[index]?.attachedPic;
      if (cover === null || cover === undefined || cover.size === 0) continue;
      const packet = cover.clone();
      if (packet === null) continue;
      packet.streamIndex = stream.index;
      avCheck(this.#output.interleavedWriteFrameSync(packet), 'OUTPUT_UNWRITABLE', this.#who);
      packet.free();
    }
  }

  async #writePackets(): Promise<void> {
    const { film, video, untilUs } = this.#request;
    const range = {
      ...film.range,
      ...(untilUs === undefined ? {} : { toUs: Math.min(untilUs, film.range.toUs ?? untilUs) }),
    };
    const fromUs = film.range.fromUs ?? 0;
    const originUs = timeOrigin(film.info);
    const copied = new CopiedPackets(this.#input, {
      tracks: [...this.#tracks.keys()],
      range,
      originUs,
      videoTrack: video === undefined ? film.info.video?.trackIndex : undefined,
      ...(fromUs > 0 ? await this.#beginningOf(fromUs + originUs) : {}),
    });
    const pieces = video === undefined ? undefined : new PiecePackets(video.folder, video.pieces);
    const sound = this.#sound && new SoundPackets(this.#request.sound as AddedSound, fromUs);
    const feeds = [
      feed(copied, 0, ({ packet, track, timeBase }) => this.#writeCopied(packet, track, timeBase)),
      feed(sound, 0, ({ packet }) => this.#write(packet, this.#sound as Stream, SOUND_TIME_BASE)),
      feed(pieces, fromUs, (picture) => this.#writePicture(picture, pieces as PiecePackets, fromUs)),
    ];
    try {
      for (const each of feeds) each.advance();
      for (let count = 1; ; count++) {
        const next = feeds.reduce((first, each) => (each.dtsUs < first.dtsUs ? each : first));
        if (next.dtsUs === Number.POSITIVE_INFINITY) return;
        next.write();
        next.advance();
        if (count % PACKETS_PER_TURN === 0) await this.#breathe(Math.min(...feeds.map(({ dtsUs }) => dtsUs)));
      }
    } finally {
      copied.close();
      sound?.close();
      pieces?.close();
    }
  }

  /** Where to read from for a range that begins at this moment of the container's time. */
  async #beginningOf(us: Microseconds): Promise<Pick<CopyRequest, 'seekUs' | 'keyFrameUs'>> {
    const { film, video } = this.#request;
    const point = await seekPoint(film.info.path, this.#request, us);
    if (point !== undefined || video !== undefined) return point ?? {};
    return { keyFrameUs: await keyFrameBefore(film.info.path, this.#request, us) };
  }

  async #breathe(doneUs: Microseconds): Promise<void> {
    const { signal, onProgress } = this.#request;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw signal.reason ?? new VitascopeError('ABORTED', 'stopped while assembling');
    if (Number.isFinite(doneUs)) onProgress?.(doneUs);
  }

  #writePicture(picture: TimedPacket, pieces: PiecePackets, fromUs: Microseconds): void {
    const stream = this.#video as Stream;
    const { packet } = picture;
    const shift = toTicks(fromUs, pieces.timeBase);
    packet.pts -= shift;
    packet.dts -= shift;
    this.#write(packet, stream, pieces.timeBase);
  }

  #writeCopied(packet: Packet, index: number, timeBase: Rational): void {
    const track = this.#tracks.get(index);
    if (track === undefined) return;
    if (track.convert !== undefined) {
      const text = subtitleText(packet.data ?? Buffer.alloc(0), track.convert.from);
      replaceData(packet, subtitlePayload(text, track.convert.to));
    }
    this.#write(packet, track.stream, timeBase);
  }

  #write(packet: Packet, stream: Stream, timeBase: Rational): void {
    packet.streamIndex = stream.index;
    packet.rescaleTs(timeBase as never, stream.timeBase);
    packet.pos = -1n;
    avCheck(this.#output.interleavedWriteFrameSync(packet), 'OUTPUT_UNWRITABLE', this.#who);
  }
}

/** Where packets come from, and when the next one is to be written: never, at the end. */
interface Feed {
  readonly dtsUs: Microseconds;
  write(): void;
  advance(): void;
}

/** @param shiftUs Subtracted from times. */
function feed<Each extends TimedPacket>(
  packets: { next(): Each | undefined } | undefined,
  shiftUs: Microseconds,
  write: (packet: Each) => void,
): Feed {
  let packet: Each | undefined;
  return {
    get dtsUs() {
      return packet === undefined ? Number.POSITIVE_INFINITY : packet.dtsUs - shiftUs;
    },
    write: () => {
      if (packet !== undefined) write(packet);
    },
    advance: () => {
      packet = packets?.next();
    },
  };
}

const subtitleCodecIds: Readonly<Record<TextSubtitle, AVCodecID>> = {
  subrip: AV_CODEC_ID_SUBRIP,
  mov_text: AV_CODEC_ID_MOV_TEXT,
  webvtt: AV_CODEC_ID_WEBVTT,
};

const containerTags = ['encoder', 'major_brand', 'minor_version', 'compatible_brands'];
/** Statistics that mkvmerge writes about the packets of a track; they would be wrong. */
const statisticTags = /^(encoder|BPS|DURATION|NUMBER_OF_FRAMES|NUMBER_OF_BYTES|_STATISTICS_.*|vendor_id)(-[a-z]{3})?$/i;

function without(all: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name.toLowerCase())));
}

/** Setting a packet's data makes it anew: its times would be lost. */
function replaceData(packet: Packet, data: Buffer): void {
  const { pts, dts, duration, flags } = packet;
  packet.data = data;
  Object.assign(packet, { pts, dts, duration, flags });
}

function copyParameters(source: CodecParameters): CodecParameters {
  const parameters = new CodecParameters();
  parameters.alloc();
  source.copy(parameters);
  return parameters;
}

function describeLike(stream: Stream, source: Stream): void {
  const kept = Object.entries(tags(source.metadata)).filter(([name]) => !statisticTags.test(name));
  stream.metadata = dictionary(Object.fromEntries(kept));
  stream.disposition = source.disposition;
  stream.sampleAspectRatio = source.sampleAspectRatio;
  if (rationalValue(source.avgFrameRate) > 0) stream.avgFrameRate = source.avgFrameRate;
}

/** Encoders drop tags that their bitstream cannot carry; the container still can. */
function withTagsOf(stream: EncodedStream, film: Film): EncodedStream {
  const video = film.info.video;
  if (video === undefined) return stream;
  const sar = rationalValue(stream.sampleAspectRatio) > 0 ? stream.sampleAspectRatio : video.sampleAspectRatio;
  return { ...stream, sampleAspectRatio: sar };
}
