import type AVPacket from 'node-media-server/src/core/avpacket.js';
import type { PublisherLimits } from './limits.js';
import { packetCodec, packetFlag, pictureSize } from './media-packet.js';
import { PictureRate } from './picture-rate.js';
import type { SessionInfo, StreamCodecs } from './session-info.js';
import type { StreamProtocol } from './stream-request.js';

export interface PublisherOptions {
  readonly id: string;
  readonly ip: string;
  readonly protocol: StreamProtocol;
  readonly path: string;
  /** One of the server's own. */
  readonly internal: boolean;
  /** Looked at whenever something comes. */
  readonly limits: () => PublisherLimits;
  readonly now: () => number;
  /** Closes the connection. */
  readonly close: (reason: string) => void;
}

const rateWindowMs = 5_000;
/** Of codecs and sizes, within the window: each of them is an event for others. */
const maxChanges = 20;

/** The one who publishes a path: what it sends, how much, and whether it still does. */
export class Publisher {
  readonly id: string;
  bytesIn = 0;
  /** Where node-media-server writes what metadata say. Values of any type. */
  readonly metadata: Record<string, unknown> = {};
  readonly #options: PublisherOptions;
  readonly #startedAt: number;
  readonly #pictures = new PictureRate();
  #codecs: StreamCodecs = {};
  #lastByteAt: number;
  #windowAt: number;
  #windowBytes = 0;
  #windowChanges = 0;

  constructor(options: PublisherOptions) {
    this.id = options.id;
    this.#options = options;
    this.#startedAt = options.now();
    this.#lastByteAt = this.#startedAt;
    this.#windowAt = this.#startedAt;
  }

  /** Since the last byte came, milliseconds. */
  silentMs(): number {
    return this.#options.now() - this.#lastByteAt;
  }

  /** Counts bytes that came; returns a reason to close the connection when they are too many. */
  received(bytes: number): string | undefined {
    const { now, limits } = this.#options;
    const { maxBitrate } = limits();
    this.bytesIn += bytes;
    this.#lastByteAt = now();
    if (this.#lastByteAt - this.#windowAt >= rateWindowMs) {
      this.#windowAt = this.#lastByteAt;
      this.#windowBytes = 0;
      this.#windowChanges = 0;
    }
    this.#windowBytes += bytes;
    const most = (maxBitrate / 8) * (rateWindowMs / 1000);
    return this.#windowBytes > most ? `publishes more than ${maxBitrate} bit/s` : undefined;
  }

  /** Takes note of a picture or sound. Returns whether codecs or sizes changed, or a reason to close the connection. */
  note(packet: AVPacket): boolean | string {
    const { now } = this.#options;
    const limits = this.#options.limits();
    const isPicture = packet.flags === packetFlag.keyFrame || packet.flags === packetFlag.frame;
    if (isPicture && !this.#pictures.admit(now(), limits.maxFrameRate)) {
      return `publishes more than ${limits.maxFrameRate} pictures a second`;
    }
    const size = pictureSize(packet);
    const tooLarge = size && sizeRefusal(size, limits);
    return tooLarge ?? this.#change(packet, size);
  }

  #change(packet: AVPacket, size: Size | undefined): boolean | string {
    const kind = packet.codec_type === 8 ? 'audio' : 'video';
    const codec = packetCodec(packet);
    const isSame = this.#codecs[kind] === codec;
    const sameSize = size === undefined || (this.#codecs.width === size.width && this.#codecs.height === size.height);
    if (isSame && sameSize) return false;
    this.#windowChanges += 1;
    if (this.#windowChanges > maxChanges) return 'changes its codecs all the time';
    this.#codecs = { ...this.#codecs, [kind]: codec, ...size };
    return true;
  }

  close(reason: string): void {
    this.#options.close(reason);
  }

  info(): SessionInfo {
    const { id, path, ip, protocol, internal, now } = this.#options;
    return {
      id,
      action: 'publish',
      path,
      ip,
      protocol,
      ...(internal && { internal }),
      ageMs: Math.round(now() - this.#startedAt),
      bytesIn: this.bytesIn,
      bytesOut: 0,
      packetsDropped: 0,
      queuedBytes: 0,
      codecs: { ...this.#fromMetadata(), ...this.#codecs },
    };
  }

  #fromMetadata(): StreamCodecs {
    const { videoWidth, videoHeight, videoFramerate, audioSamplerate } = this.metadata;
    return {
      ...positive('width', videoWidth),
      ...positive('height', videoHeight),
      ...positive('frameRate', videoFramerate),
      ...positive('sampleRate', audioSamplerate),
    };
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeRefusal({ width, height }: Size, { maxWidth, maxHeight, maxPixels }: PublisherLimits): string | undefined {
  const who = `publishes pictures of ${width}×${height}`;
  if (width > maxWidth || height > maxHeight) return `${who}, at most ${maxWidth}×${maxHeight} are allowed`;
  return width * height > maxPixels ? `${who}, at most ${maxPixels} pixels are allowed` : undefined;
}

function positive(name: keyof StreamCodecs, value: unknown): StreamCodecs {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? { [name]: value } : {};
}
