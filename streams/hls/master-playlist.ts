import { type Rational, rationalValue } from '../../pipeline/index.js';

/** A rendition as the master playlist describes it. */
export interface MasterVariant {
  /** Of its media playlist, relative to the master. */
  readonly uri: string;
  /** Highest bit rate of any segment, bits a second. */
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  /** As RFC 6381 spells them. */
  readonly codecs: readonly string[];
  /** Nothing without pictures. */
  readonly video: { readonly width: number; readonly height: number; readonly frameRate: Rational } | undefined;
}

/** A master playlist as text (RFC 8216bis, 4.4.6.2): variants in the order given, the first of which players try first. */
export function masterPlaylist(variants: readonly MasterVariant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:6'];
  for (const variant of variants) lines.push(`#EXT-X-STREAM-INF:${attributes(variant)}`, variant.uri);
  return `${lines.join('\n')}\n`;
}

function attributes({ bandwidth, averageBandwidth, codecs, video }: MasterVariant): string {
  const list = [`BANDWIDTH=${Math.max(1, Math.ceil(bandwidth))}`];
  list.push(`AVERAGE-BANDWIDTH=${Math.max(1, Math.ceil(averageBandwidth))}`);
  if (codecs.length > 0) list.push(`CODECS="${codecs.join(',')}"`);
  if (video !== undefined) {
    list.push(`RESOLUTION=${video.width}x${video.height}`);
    if (rationalValue(video.frameRate) > 0) list.push(`FRAME-RATE=${rationalValue(video.frameRate).toFixed(3)}`);
  }
  return list.join(',');
}
