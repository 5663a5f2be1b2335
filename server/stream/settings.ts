import type { RouteConfig } from '../../config/server/stream-settings.js';
import type { ProviderWish } from '../../models/providers/provider.js';

/** What the process of a stream is to do; structured-clonable. */
export interface StreamSettings {
  readonly name: string;
  /** An address as `openLiveInput` takes it; may hold secrets. */
  readonly input: string;
  /** What RTSP runs over. */
  readonly transport: 'tcp' | 'udp';
  readonly tlsVerify: boolean;
  /** PEM file with the only authorities that are trusted. */
  readonly caFile: string | null;
  /** It is there already: else it is waited for. */
  readonly own: boolean;
  /** The owner of the server named it, not a caller of the API. */
  readonly trusted: boolean;
  /** Milliseconds without a packet until the input counts as lost. */
  readonly stallMs: number;
  /** The name of a graph, or the path of a YAML file. */
  readonly graph: string;
  /** `node.option=value`. */
  readonly options: readonly string[];
  /** At least one; the first goes to RTMP and recordings. */
  readonly renditions: readonly RenditionSettings[];
  readonly encoder: RouteConfig['encoder'];
  /** Where recordings go: a folder of this stream's own. */
  readonly record: { readonly folder: string; readonly container: 'mkv' | 'mp4'; readonly splitMinutes: number } | null;
  readonly heartbeatMs: number;
  readonly provider: ProviderWish;
}

/** One size of the processed stream. */
export interface RenditionSettings {
  readonly name: string;
  /** Rows; nothing for those of the graph. */
  readonly height: number | undefined;
  /** Bits a second; nothing for the encoder's choice by size and rate. */
  readonly bitrate: number | undefined;
}
