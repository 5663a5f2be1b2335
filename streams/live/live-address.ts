import { VitascopeError } from '../../pipeline/index.js';
import { captureDevice } from './capture-device.js';
import { type TlsTrust, tlsSettings } from './tls-trust.js';

/** Where live streams come from. `device` is a camera of this machine; `file` plays a film once and `loop` again and again, both in real time. */
export const liveProtocols = [
  'rtmp',
  'rtmps',
  'rtsp',
  'rtsps',
  'http',
  'https',
  'srt',
  'udp',
  'device',
  'file',
  'loop',
] as const;
/** One of {@link liveProtocols}. */
export type LiveProtocol = (typeof liveProtocols)[number];

/** A live input's address, taken apart. */
export interface LiveAddress {
  readonly protocol: LiveProtocol;
  /** What FFmpeg opens: the URL, or the path of a file. */
  readonly target: string;
  /** For messages and logs: without user, password and query. */
  readonly name: string;
  /** A film that is played as if it came from a camera. */
  readonly isFile: boolean;
  /** FFmpeg's name of the input format, where it cannot be seen from the target. */
  readonly format?: string | undefined;
  /** FFmpeg's options that the address asks for. */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads an address such as `rtsp://camera/1` or `loop:film.mp4`.
 *
 * @throws VitascopeError `OPTION_INVALID` when it names no protocol, or one that is not among `allowed`. The message holds no secrets.
 */
export function liveAddress(text: string, allowed: readonly LiveProtocol[] = liveProtocols): LiveAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  const protocol = allowed.find((each) => each === scheme);
  if (protocol === undefined) {
    const got = scheme === undefined ? 'no protocol' : `"${scheme}:"`;
    throw new VitascopeError('OPTION_INVALID', `live input: expected ${allowed.join(', ')}, got ${got}`, {
      context: { scheme, allowed },
    });
  }
  if (protocol === 'file' || protocol === 'loop') {
    const target = text.slice(protocol.length + 1).replace(/^\/\/(?=\/)/, '');
    return { protocol, target, name: `${protocol}:${target}`, isFile: true };
  }
  if (protocol === 'device') return { protocol, name: nameOf(text), isFile: false, ...captureDevice(text) };
  return { protocol, target: text, name: nameOf(text), isFile: false };
}

function nameOf(text: string): string {
  const [, scheme = '', rest = ''] = /^([^:]+):\/\/([^?#]*)/.exec(text) ?? [];
  // A password may hold a slash, though it should not: all that stands before the last @ goes.
  return `${scheme}://${rest.slice(rest.lastIndexOf('@') + 1)}`;
}

/** Protocols that FFmpeg may use for one of ours, below it and where a playlist leads it. */
const below: Readonly<Record<LiveProtocol, string>> = {
  rtmp: 'rtmp,tcp',
  rtmps: 'rtmps,rtmp,tls,tcp',
  rtsp: 'rtsp,rtp,tcp,udp',
  rtsps: 'rtsps,rtsp,rtp,tls,tcp,udp',
  http: 'http,https,tls,tcp,crypto,httpproxy',
  https: 'https,tls,tcp,crypto,httpproxy',
  srt: 'srt',
  udp: 'udp',
  device: 'file',
  file: 'file',
  loop: 'file',
};

/** How RTSP sends pictures and sound: beside its commands, or as datagrams. */
export type RtspTransport = 'tcp' | 'udp';

/** How long connecting may take, and how much FFmpeg may look at before it says what is in a stream. */
export interface ConnectSettings {
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly probeBytes: number;
  readonly analyzeMs: number;
  readonly rtspTransport: RtspTransport;
  readonly tls: TlsTrust;
  /** Neither redirects nor playlists may lead anywhere else. */
  readonly confined: boolean;
}

/** Containers that hold their media themselves, by FFmpeg's names. */
const SELF_CONTAINED = 'flv,live_flv,mpegts,matroska,webm,mov,mp4,ogg,aac,mp3,nut,rtsp,v4l2';

/** FFmpeg holds some time limits in 32 bits. */
const MAX_LIMIT_US = 2_000_000_000;

/** FFmpeg's options for an address: allowed protocols, time limits, low latency. */
export function inputSettings(address: LiveAddress, settings: ConnectSettings): Record<string, string> {
  const { protocol, isFile } = address;
  const all: Record<string, string> = { protocol_whitelist: below[protocol], ...address.options };
  if (isFile) return all;
  // FFmpeg's own limits are the second line: ours interrupt it before.
  const limitMs = Math.max(settings.connectTimeoutMs, settings.stallTimeoutMs) + 1000;
  const limitUs = `${Math.min(limitMs * 1000, MAX_LIMIT_US)}`;
  all.probesize = `${settings.probeBytes}`;
  all.analyzeduration = `${settings.analyzeMs * 1000}`;
  if (settings.confined) all.format_whitelist = SELF_CONTAINED;
  switch (protocol) {
    case 'device':
      return all;
    case 'udp':
      return { ...all, timeout: limitUs, overrun_nonfatal: '1', fifo_size: '57344' };
    case 'srt':
      return { ...all, connect_timeout: `${settings.connectTimeoutMs}` };
    case 'rtsp':
      return { ...all, rtsp_transport: settings.rtspTransport, timeout: limitUs };
    case 'rtsps':
      return { ...all, ...tlsSettings(settings.tls), rtsp_transport: settings.rtspTransport, timeout: limitUs };
    case 'rtmp':
      return { ...all, rw_timeout: limitUs, rtmp_live: 'live' };
    case 'rtmps':
      return { ...all, ...tlsSettings(settings.tls), rw_timeout: limitUs, rtmp_live: 'live' };
    default: {
      const redirects = settings.confined ? { max_redirects: '0' } : {};
      return { ...all, ...redirects, ...tlsSettings(settings.tls), rw_timeout: limitUs };
    }
  }
}
