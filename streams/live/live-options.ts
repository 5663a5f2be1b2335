import type { BackOffOptions } from '../../pipeline/back-off.js';
import type { FramePool } from '../../pipeline/index.js';
import type { LiveProtocol, RtspTransport } from './live-address.js';
import type { LiveClock } from './live-clock.js';
import type { LiveTimelineOptions } from './live-timeline.js';
import type { LiveEvent, LiveInput } from './live-types.js';

/** How hard a lost input is tried again. */
export interface ReconnectOptions extends BackOffOptions {
  /** Attempts in a row before the input is given up. Default: no end. */
  readonly attempts?: number;
}

/** How a live input is opened, kept and bounded. */
export interface LiveInputOptions {
  /** Where pictures go; its policy should be `drop`. Default: a pool of its own with {@link LiveInputOptions.slots}. */
  readonly pool?: FramePool | undefined;
  /** Frames that may be open at once. Default 16. */
  readonly slots?: number | undefined;
  /** Protocols that may be asked for. Default: all of them. */
  readonly protocols?: readonly LiveProtocol[] | undefined;
  /** Milliseconds until an attempt to connect is given up. Default 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Milliseconds without a packet until the input counts as lost. Default 10000. The same holds for pictures alone, or sound alone, once: where a new
   * connection does not bring them back, what remains goes on.
   */
  readonly stallTimeoutMs?: number | undefined;
  /** False: the first loss ends the stream. Files never reconnect. Default: tried again without end. */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /** True: an input that is not there yet is tried again as if it had been lost. Default false: opening fails. */
  readonly wait?: boolean | undefined;
  /** How `rtsp(s)://` sends pictures and sound; over UDP they arrive sooner, and some are lost. Default `tcp`. */
  readonly rtspTransport?: RtspTransport | undefined;
  /**
   * False: whoever answers `https`, `rtmps` or `rtsps` is believed. Default true: its certificate must be valid for its name, by an authority that Node, the
   * system (from Node 22.15 on) or `NODE_EXTRA_CA_CERTS` names. The servers that an HLS playlist leads to are not asked.
   */
  readonly tlsVerify?: boolean | undefined;
  /** Path of a PEM file with the only authorities, or self-signed certificates, that are trusted. */
  readonly caFile?: string | undefined;
  /**
   * True: somebody else named the address, and it was checked where it leads. HTTP redirects are not followed then, and nothing is read that leads elsewhere by
   * itself: no HLS, no DASH, no lists. Default false.
   */
  readonly confined?: boolean | undefined;
  /** Bytes and milliseconds of a stream that FFmpeg may look at before it says what is in it. Default 1000000 and 1000. */
  readonly probeBytes?: number | undefined;
  readonly analyzeMs?: number | undefined;
  /**
   * Milliseconds after connecting in which pictures wait for a free slot instead of being left out: servers send their last seconds at once. Default 2000;
   * films never do.
   */
  readonly catchUpMs?: number | undefined;
  /** True: encoded pictures come as they are, in `copied`, instead of `video`, and nothing is decoded. Default false. */
  readonly copyVideo?: boolean | undefined;
  /** Decoder threads, 0 for one a core; more than one delay each picture by as many. Default: one, up to 1080p30. */
  readonly threads?: number | undefined;
  readonly timeline?: LiveTimelineOptions | undefined;
  /** Hears what {@link LiveInput.events} says, from the first attempt to connect on. Nothing in it is secret. */
  readonly onEvent?: ((event: LiveEvent) => void) | undefined;
  /** Stops opening and, later, reading. */
  readonly signal?: AbortSignal | undefined;
  /** @internal */
  readonly clock?: LiveClock | undefined;
}
