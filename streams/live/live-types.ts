import type { Observable } from 'rxjs';
import type { Microseconds, Rational, VideoSample } from '../../pipeline/index.js';
import type { EncodedStream } from '../libav/encoded-stream.js';

/** A track of sound as outputs take it: as it came, or encoded to AAC. */
export interface AudioTrack {
  readonly kind: 'audio';
  /** FFmpeg's name, such as `aac`. */
  readonly codec: string;
  readonly codecId: number;
  readonly sampleRate: number;
  readonly channels: number;
  /** Codec headers, such as the AudioSpecificConfig of AAC. */
  readonly extradataBase64: string | null;
}

/** Encoded video, with what a muxer must know of it. */
export interface VideoTrack {
  readonly kind: 'video';
  /** FFmpeg's name, such as `h264`. */
  readonly codec: string;
  readonly frameRate: Rational;
  readonly stream: EncodedStream;
}

/** What the packets of one kind are. */
export type EncodedTrack = AudioTrack | VideoTrack;

/** A piece of encoded video or sound on its way to outputs. Plain data: whoever keeps it does so freely, nobody changes it. */
export interface EncodedPacket {
  readonly kind: 'video' | 'audio';
  readonly data: Uint8Array;
  /** Microseconds on the stream's own timeline, which never goes back, whatever the input does. */
  readonly ptsUs: Microseconds;
  readonly dtsUs: Microseconds;
  /** Microseconds; 0 when unknown. */
  readonly durationUs: Microseconds;
  readonly isKey: boolean;
}

/** A piece of a source's sound: 48 kHz, mono or stereo. Plain data: whoever gets it keeps it, nobody changes it. */
export interface DecodedSound {
  /** One array a channel, equal lengths, nominally −1…1. */
  readonly channels: readonly Float32Array[];
  /** On the stream's own timeline, not rounded: pieces that follow each other leave no hole. */
  readonly ptsUs: Microseconds;
  readonly durationUs: Microseconds;
}

/** What happens to a live input besides pictures and sound. */
export type LiveEvent =
  | { readonly kind: 'connected' }
  /** The input is not there yet, and is waited for; so many attempts have failed. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly attempt: number }
  /** The input has been lost; it is tried again. */
  | { readonly kind: 'disconnected'; readonly reason: string; readonly attempt: number }
  /** Times go on, pictures and sound do not continue what was before. */
  | { readonly kind: 'discontinuity'; readonly atUs: Microseconds }
  /** The source changed and is fitted to what it was at first, or is not sent as it comes; in words. */
  | { readonly kind: 'changed'; readonly what: string }
  | { readonly kind: 'ended' };

/** What a live input has done so far. Plain JSON. */
export interface LiveInputMetrics {
  readonly framesIn: number;
  /** Frames that found no free slot, and were left out before any work was done on them. */
  readonly framesDropped: number;
  readonly bytesIn: number;
  readonly reconnects: number;
  /** Since the last packet came, milliseconds. */
  readonly silentMs: number;
}

/** Encoded pictures of a source, for outputs that copy them. */
export interface CopiedVideo {
  readonly track: VideoTrack;
  /** In decoding order, from a key frame on. Subscribed once, which begins reading. */
  readonly packets: Observable<EncodedPacket>;
  /** The source has another codec, size or header from the next packet on. */
  readonly changes: Observable<VideoTrack>;
}

/** A live source that is open: pictures for the graph, sound as packets. */
export interface LiveInput {
  /** Where it comes from, without secrets. */
  readonly name: string;
  readonly video: Observable<VideoSample> | undefined;
  /**
   * Sound that RTMP, FLV, HLS and files all hold: as it comes, or else encoded to AAC. Nothing when there is none. While `heard` is subscribed, it comes decoded there instead, in order;
   * it completes or fails with the input.
   */
  readonly audio:
    | {
        readonly track: AudioTrack;
        readonly packets: Observable<EncodedPacket>;
        readonly heard?: Observable<DecodedSound> | undefined;
      }
    | undefined;
  /**
   * The pictures as they came, instead of `video`, where copying was asked for. `track` is that of the first packet; `changes` tells of another one, before
   * the key frame that it begins with.
   */
  readonly copied?: CopiedVideo | undefined;
  readonly frameRate: Rational;
  /** Pixels of the source's pictures, as displayed without rotation; nothing where there are none, or the source does not say. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly events: Observable<LiveEvent>;
  metrics(): LiveInputMetrics;
  /** Stops reading; `video` and `audio` complete. */
  stop(): Promise<void>;
}

/** Where encoded packets of a live stream go. It never makes its caller wait: what cannot be sent in time is dropped from a key frame to the next, and counted. */
export interface LiveOutput {
  /** Without secrets, such as `rtmp://host/live/…`. */
  readonly name: string;
  /** Called once, before the first packet. */
  open(tracks: readonly EncodedTrack[]): Promise<void>;
  write(packet: EncodedPacket): void;
  /** From the next packet on, which is a key frame, these are the tracks: the encoder was restarted. Outputs without it go on as they were. */
  tracksChanged?(tracks: readonly EncodedTrack[]): void;
  /** The next packet does not continue the one before. */
  discontinuity(): void;
  /** Sends what is held back, ends files and playlists. */
  close(): Promise<void>;
  metrics(): LiveOutputMetrics;
}

/** What a live output has done so far. Plain JSON. */
export interface LiveOutputMetrics {
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed' | 'failed';
  readonly bytesOut: number;
  readonly packetsDropped: number;
  readonly reconnects: number;
  /** Packets that wait. */
  readonly queued: number;
  /** What went wrong last, without secrets. */
  readonly trouble?: string | undefined;
}
