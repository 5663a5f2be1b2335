import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { FormatContext } from 'node-av/lib';
import { asVitascopeError, type Microseconds, VitascopeError } from '../../../pipeline/index.js';
import { avCheck, dictionary } from '../../libav/av.js';
import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../live-types.js';
import { checkFlv } from './flv-codecs.js';
import { addTracks, type MuxerStreams, NativePackets } from './muxer-tracks.js';
import { PacketQueue } from './packet-queue.js';

/** Where to record, and when to begin a new file. */
export interface FileOutputOptions {
  /** A path that ends in `.mkv`, `.mp4`, `.ts` or `.flv`. What exists is kept: a number is added to the name. */
  readonly path: string;
  /** Begins a new file at the first key frame after so many bytes. Default never. */
  readonly splitBytes?: number | undefined;
  /** Begins a new file at the first key frame after so many seconds of stream. Default never. */
  readonly splitSeconds?: number | undefined;
  /** Bytes that may wait for a slow disk. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** Hears why the recording failed. */
  readonly onTrouble?: ((error: VitascopeError) => void) | undefined;
}

interface Recording {
  readonly muxer: string;
  /** So that a file whose process was killed can be played up to its last second or two. */
  readonly options: Readonly<Record<string, string>>;
}

const MP4_FLAGS = 'empty_moov+default_base_moof+frag_discont';

const recordings: Readonly<Record<string, Recording>> = {
  '.mkv': { muxer: 'matroska', options: { cluster_time_limit: '1000' } },
  // Else the first packet of a track that begins later than the other is moved to zero.
  '.mp4': {
    muxer: 'mp4',
    options: { movflags: `frag_keyframe+${MP4_FLAGS}`, use_editlist: '0', avoid_negative_ts: 'disabled' },
  },
  '.ts': { muxer: 'mpegts', options: {} },
  '.flv': { muxer: 'flv', options: { flvflags: 'no_duration_filesize' } },
};

/** Extensions that a live stream is recorded to. */
export const recordingExtensions: readonly string[] = Object.keys(recordings);

/** Packets that wait, and the tracks that they belong to. */
interface Stretch {
  readonly tracks: readonly EncodedTrack[];
  readonly queue: PacketQueue;
}

interface OpenFile {
  readonly path: string;
  readonly output: FormatContext;
  readonly streams: MuxerStreams;
  readonly originUs: Microseconds;
  bytes: number;
}

/**
 * Records a live stream to a file, from a key frame on; a process that is killed leaves a file that plays. It never replaces a file. When the disk is full,
 * or the file cannot be written, the recording fails and the stream goes on.
 */
export class FileOutput implements LiveOutput {
  readonly name: string;
  readonly #options: FileOutputOptions;
  readonly #recording: Recording;
  /** What is written now, and what comes after a change of tracks. */
  #stretches: Stretch[] = [];
  readonly #packets = new NativePackets();
  readonly #paths: string[] = [];
  #file: OpenFile | undefined;
  #state: LiveOutputMetrics['state'] = 'waiting';
  #writing: Promise<void> | undefined;
  #dropped = 0;
  #bytesBefore = 0;
  #failure: VitascopeError | undefined;

  /** @throws VitascopeError `CONTAINER_UNKNOWN` for another extension. */
  constructor(options: FileOutputOptions) {
    const recording = recordings[extname(options.path).toLowerCase()];
    if (recording === undefined) {
      const known = recordingExtensions.join(', ');
      throw new VitascopeError('CONTAINER_UNKNOWN', `cannot record to ${options.path}: expected one of ${known}`);
    }
    this.name = options.path;
    this.#options = options;
    this.#recording = recording;
  }

  /** Files written so far, the current one last. */
  get paths(): readonly string[] {
    return this.#paths;
  }
  /** Why it failed: `OUTPUT_DISK_FULL`, `OUTPUT_UNWRITABLE` or `CONTAINER_CODEC`. */
  get failure(): VitascopeError | undefined {
    return this.#failure;
  }

  /** The file itself is made when the first key frame comes. */
  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    this.tracksChanged(tracks);
    this.#state = 'open';
  }

  write(packet: EncodedPacket): void {
    if (this.#state !== 'open') return;
    this.#stretches.at(-1)?.queue.push(packet);
    // A turn later, as it says itself when it is done.
    this.#writing ??= Promise.resolve().then(() => this.#drain());
  }

  /** The next key frame begins a new file. */
  tracksChanged(tracks: readonly EncodedTrack[]): void {
    const maxBytes = this.#options.maxBytes ?? 64 * 1024 * 1024;
    const queue = new PacketQueue({ maxBytes, maxUs: Number.POSITIVE_INFINITY });
    queue.expectVideo(hasVideo(tracks));
    this.#stretches.push({ tracks, queue });
  }

  discontinuity(): void {}

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#guard(() => this.#finishFile());
    this.#packets.free();
    this.#dropped += this.#stretches.splice(0).reduce((sum, { queue }) => sum + queue.dropped, 0);
    if (this.#state !== 'failed') this.#state = 'closed';
  }

  metrics(): LiveOutputMetrics {
    return {
      state: this.#state,
      bytesOut: this.#bytesBefore + (this.#file?.bytes ?? 0),
      packetsDropped: this.#stretches.reduce((sum, { queue }) => sum + queue.dropped, this.#dropped),
      reconnects: 0,
      queued: this.#stretches.reduce((sum, { queue }) => sum + queue.length, 0),
      trouble: this.#failure?.message,
    };
  }

  async #drain(): Promise<void> {
    await this.#guard(async () => {
      // Nothing may come between finding that nothing waits and saying that nobody writes.
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        if (next.packet === undefined) await this.#finishFile();
        else await this.#writePacket(next.packet, next.tracks);
      }
      this.#writing = undefined;
    });
  }

  /** What is to be done next: write a packet, or end the file where the tracks change. */
  #next(): { readonly packet: EncodedPacket | undefined; readonly tracks: readonly EncodedTrack[] } | undefined {
    const [stretch] = this.#stretches;
    const packet = stretch?.queue.shift();
    if (stretch === undefined || (packet === undefined && this.#stretches.length < 2)) return undefined;
    if (packet === undefined) {
      this.#dropped += stretch.queue.dropped;
      this.#stretches.shift();
    }
    return { packet, tracks: stretch.tracks };
  }

  /** Runs a piece of work; what goes wrong ends the recording. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure ??= asVitascopeError(error, 'OUTPUT_UNWRITABLE', this.name);
      this.#state = 'failed';
      for (const { queue } of this.#stretches) queue.restart();
      this.#writing = undefined;
      await this.#discardFile();
      this.#options.onTrouble?.(this.#failure);
    }
  }

  async #writePacket(packet: EncodedPacket, tracks: readonly EncodedTrack[]): Promise<void> {
    const mayStart = !hasVideo(tracks) || (packet.kind === 'video' && packet.isKey);
    if (this.#file !== undefined && mayStart && this.#isDue(packet, this.#file)) await this.#finishFile();
    if (this.#file === undefined && !mayStart) return;
    this.#file ??= await this.#create(packet.dtsUs, tracks);
    const file = this.#file;
    const stream = file.streams.get(packet.kind);
    // Sound from just before the key frame that the file begins with.
    if (stream === undefined || packet.dtsUs < file.originUs) return;
    const native = this.#packets.fill(packet, stream, file.originUs);
    avCheck(await file.output.interleavedWriteFrame(native), 'OUTPUT_UNWRITABLE', `cannot write ${file.path}`);
    file.bytes += packet.data.byteLength;
  }

  #isDue(packet: EncodedPacket, file: OpenFile): boolean {
    const { splitBytes = Number.POSITIVE_INFINITY, splitSeconds = Number.POSITIVE_INFINITY } = this.#options;
    return file.bytes >= splitBytes || packet.dtsUs - file.originUs >= splitSeconds * 1e6;
  }

  async #create(originUs: Microseconds, tracks: readonly EncodedTrack[]): Promise<OpenFile> {
    if (this.#recording.muxer === 'flv') checkFlv(tracks);
    const path = await freshFile(this.#options.path, this.#paths.length);
    this.#paths.push(path);
    const who = `cannot record to ${path}`;
    const output = new FormatContext();
    let opened = false;
    try {
      avCheck(output.allocOutputContext2(null, this.#recording.muxer, path), 'OUTPUT_UNWRITABLE', who);
      output.maxInterleaveDelta = 1_000_000n;
      const streams = addTracks(output, tracks);
      avCheck(await output.openOutput(), 'OUTPUT_UNWRITABLE', who);
      opened = true;
      const audioOnly = !hasVideo(tracks) && this.#recording.muxer === 'mp4';
      const options = {
        ...this.#recording.options,
        ...(audioOnly ? { movflags: MP4_FLAGS, frag_duration: '1000000' } : {}),
        flush_packets: '1',
      };
      avCheck(await output.writeHeader(dictionary(options)), 'CONTAINER_CODEC', who);
      return { path, output, streams, originUs, bytes: 0 };
    } catch (error) {
      if (opened) await output.closeOutput();
      output.freeContext();
      throw error;
    }
  }

  async #finishFile(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    avCheck(await file.output.writeTrailer(), 'OUTPUT_UNWRITABLE', `cannot finish ${file.path}`);
    await this.#discardFile();
  }

  /** Closes the file as it is. */
  async #discardFile(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    this.#bytesBefore += file.bytes;
    await file.output.closeOutput();
    file.output.freeContext();
  }
}

const hasVideo = (tracks: readonly EncodedTrack[]): boolean => tracks.some(({ kind }) => kind === 'video');

/** Files of one name that are tried before it is given up. */
const MAX_FILES = 100_000;

/** Makes an empty file that was not there: the path itself, or with `-2`, `-3`, … before the extension. */
async function freshFile(path: string, written: number): Promise<string> {
  const extension = extname(path);
  for (let number = written + 1; number <= MAX_FILES; number++) {
    const candidate = number === 1 ? path : `${path.slice(0, -extension.length)}-${number}${extension}`;
    try {
      await (await open(candidate, 'wx')).close();
      return candidate;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      const full = code === 'ENOSPC' ? 'OUTPUT_DISK_FULL' : 'OUTPUT_UNWRITABLE';
      throw new VitascopeError(full, `cannot create ${candidate}: ${code ?? String(error)}`, { cause: error });
    }
  }
  throw new VitascopeError('OUTPUT_EXISTS', `cannot record to ${path}: there are ${MAX_FILES} files of that name`);
}
