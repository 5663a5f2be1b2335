import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FramePool, type Microseconds, type Rational, unspecifiedColor, VideoFrame } from '../../pipeline/index.js';
import type { EncodedPacket, VideoTrack } from '../../streams/live/live-types.js';
import { FlvOutput } from '../../streams/live/outputs/flv-output.js';
import { LiveEncoder } from '../../streams/live/outputs/live-encoder.js';
import { percentile } from '../statistics.js';
import { sharedNowMs } from './clock.js';
import { type SoundLoop, soundLoop } from './sound-loop.js';
import { drawStamp } from './stamp.js';

/** What a {@link Camera} is. */
export interface CameraSettings {
  /** Where it publishes: `rtmp://…`, the same to each. */
  readonly urls: readonly string[];
  /** File of luma planes, one after another. */
  readonly pictures: string;
  readonly width: number;
  readonly height: number;
  /** Pictures a second. */
  readonly frameRate: number;
  /** Bits a second of the pictures. */
  readonly bitrate: number;
  /** What stamps count from, by {@link sharedNowMs}. */
  readonly epochMs: number;
}

/** Hang up, or publish again. */
export type CameraOrder = 'leave' | 'return';

/** What it has done so far. */
export interface CameraReport {
  readonly pictures: number;
  /** Pictures that could not be taken in time. */
  readonly missed: number;
  /** Packets that the servers did not take. */
  readonly dropped: number;
  readonly connected: number;
  /** From a picture's being taken to its packet, milliseconds, of the pictures since the last report; NaN without any. */
  readonly encodeMs: number;
  readonly trouble: readonly string[];
}

/** As OBS has it. */
const KEY_FRAME_MS = 2000;
const GRAY = 128;

/**
 * Something like a camera with an encoder of its own: takes pictures and sound in real time, stamps each picture with the moment it was taken at, and publishes them by
 * RTMP. Pictures move back and forth, so that there are no cuts; they are black and white.
 */
export class Camera {
  readonly #settings: CameraSettings;
  readonly #luma: Buffer;
  readonly #sound: SoundLoop = soundLoop();
  readonly #pool = new FramePool({ slots: 6, name: 'camera' });
  readonly #encoder: LiveEncoder;
  readonly #trouble: string[] = [];
  #outputs: readonly FlvOutput[] = [];
  #track: VideoTrack | undefined;
  #isAway = false;
  #pictures = 0;
  #missed = 0;
  #dropped = 0;
  /** When pictures that are being encoded were taken. */
  readonly #takenMs = new Map<Microseconds, number>();
  #encodeMs: number[] = [];
  /** Where sound has come to, in packets since the epoch. */
  #soundAt: number | undefined;

  private constructor(settings: CameraSettings, luma: Buffer) {
    this.#settings = settings;
    this.#luma = luma;
    const frameRate: Rational = { num: settings.frameRate, den: 1 };
    this.#encoder = new LiveEncoder({
      frameRate,
      preset: 'ultrafast',
      threads: 1,
      segmentMs: KEY_FRAME_MS,
      renditions: [{ bitrate: settings.bitrate }],
      onTrack: (_, track) => {
        this.#track = track;
        this.#publish();
      },
      onPacket: (_, packet) => {
        this.#encodeMs.push(sharedNowMs() - (this.#takenMs.get(packet.ptsUs) ?? Number.NaN));
        this.#takenMs.delete(packet.ptsUs);
        this.#send(packet);
      },
    });
  }

  static async open(settings: CameraSettings): Promise<Camera> {
    return new Camera(settings, await readFile(settings.pictures));
  }

  report(): CameraReport {
    const metrics = this.#outputs.map((output) => output.metrics());
    return {
      pictures: this.#pictures,
      missed: this.#missed,
      dropped: this.#dropped + metrics.reduce((sum, { packetsDropped }) => sum + packetsDropped, 0),
      encodeMs: percentile(this.#encodeMs.splice(0), 0.5),
      connected: metrics.filter(({ state }) => state === 'open').length,
      trouble: this.#trouble.splice(0),
    };
  }

  obey(order: CameraOrder): void {
    this.#isAway = order === 'leave';
    if (order === 'leave') void this.#hangUp();
    else {
      this.#encoder.forceKeyFrame();
      this.#publish();
    }
  }

  /** Takes pictures without end. */
  async run(): Promise<never> {
    const { frameRate, epochMs } = this.#settings;
    const periodMs = 1000 / frameRate;
    for (let number = Math.ceil((sharedNowMs() - epochMs) / periodMs); ; number++) {
      const waitMs = epochMs + number * periodMs - sharedNowMs();
      if (waitMs > 0) await sleep(waitMs);
      // Too late for this one: a camera does not take pictures of the past.
      if (waitMs < -periodMs) this.#missed++;
      else await this.#take(number);
    }
  }

  async #take(number: number): Promise<void> {
    const { width, height, frameRate, epochMs } = this.#settings;
    const ptsUs = Math.round((number * 1e6) / frameRate);
    this.#record(ptsUs);
    const frame = VideoFrame.tryCreate(this.#pool, {
      pixelFormat: 'yuv420p',
      width,
      height,
      sampleAspectRatio: { num: 1, den: 1 },
      color: { ...unspecifiedColor, range: 'tv' },
      ptsUs,
      durationUs: Math.round(1e6 / frameRate),
      index: number,
      fieldOrder: 'progressive',
    });
    if (frame === undefined) {
      this.#missed++;
      return;
    }
    try {
      const luma = frame.plane(0) as Uint8Array;
      luma.set(this.#lumaOf(number));
      frame.plane(1).fill(GRAY);
      frame.plane(2).fill(GRAY);
      const nowMs = sharedNowMs();
      this.#takenMs.set(ptsUs, nowMs);
      const takenMs = Math.round(nowMs - epochMs);
      drawStamp({ data: luma, stride: width, width, height }, { takenMs, picture: number });
      this.#pictures++;
      await this.#encoder.write(frame);
    } finally {
      frame.close();
    }
  }

  /** Back and forth through the pictures of the file. */
  #lumaOf(number: number): Buffer {
    const bytes = this.#settings.width * this.#settings.height;
    const count = this.#luma.length / bytes;
    const at = number % (2 * count - 2);
    const index = at < count ? at : 2 * count - 2 - at;
    return this.#luma.subarray(index * bytes, (index + 1) * bytes);
  }

  /** Sends the sound that is complete by now. */
  #record(nowUs: Microseconds): void {
    const { packets, packetUs } = this.#sound;
    this.#soundAt ??= Math.ceil(nowUs / packetUs);
    for (let at = this.#soundAt; (at + 1) * packetUs <= nowUs; at = ++this.#soundAt) {
      const us = Math.round(at * packetUs);
      const data = packets[at % packets.length] as Uint8Array;
      this.#send({ kind: 'audio', data, ptsUs: us, dtsUs: us, durationUs: Math.round(packetUs), isKey: true });
    }
  }

  #send(packet: EncodedPacket): void {
    for (const output of this.#outputs) output.write(packet);
  }

  #publish(): void {
    const track = this.#track;
    if (track === undefined || this.#isAway || this.#outputs.length > 0) return;
    this.#outputs = this.#settings.urls.map((url) => {
      const output = new FlvOutput({ url, onTrouble: (error) => this.#trouble.push(error.message) });
      void output.open([track, this.#sound.track]);
      return output;
    });
  }

  async #hangUp(): Promise<void> {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#dropped += outputs.reduce((sum, output) => sum + output.metrics().packetsDropped, 0);
    await Promise.all(outputs.map((output) => output.close()));
  }
}
