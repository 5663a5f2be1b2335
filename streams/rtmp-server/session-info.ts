import type { StreamProtocol } from './stream-request.js';

/** What a publisher sends, as far as it is known. */
export interface StreamCodecs {
  /** FFmpeg's name, such as `h264`; `unknown` for one that is not known. Missing until the first packet. */
  readonly video?: string;
  readonly audio?: string;
  /** Pixels: from the codec header (H.264, HEVC), or else as the metadata say. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second, as the metadata say. */
  readonly frameRate?: number;
  /** Hertz, as the metadata say. */
  readonly sampleRate?: number;
}

/** A client that publishes or plays. Plain JSON, without keys. */
export interface SessionInfo {
  readonly id: string;
  readonly action: 'publish' | 'play';
  readonly path: string;
  readonly ip: string;
  readonly protocol: StreamProtocol;
  /** True for the server's own clients, as `authorize` said. */
  readonly internal?: boolean;
  /** Milliseconds since it began. */
  readonly ageMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Packets that were left out because the player was too slow. */
  readonly packetsDropped: number;
  /** Bytes that wait to be sent. */
  readonly queuedBytes: number;
  /** Of publishers. */
  readonly codecs?: StreamCodecs;
}

/** What happens at an `RtmpServer`. */
export type RtmpServerEvent =
  | { readonly kind: 'publish-start'; readonly session: SessionInfo }
  /** Codecs have become known or have changed. */
  | { readonly kind: 'publish-codecs'; readonly session: SessionInfo }
  | { readonly kind: 'publish-stop'; readonly session: SessionInfo; readonly reason: string }
  | { readonly kind: 'play-start'; readonly session: SessionInfo }
  | { readonly kind: 'play-stop'; readonly session: SessionInfo; readonly reason: string }
  /** A client was not let in, or was closed before it published or played. */
  | {
      readonly kind: 'refused';
      readonly ip: string;
      readonly protocol: StreamProtocol;
      readonly reason: string;
      readonly action?: 'publish' | 'play';
      readonly path?: string;
    };
