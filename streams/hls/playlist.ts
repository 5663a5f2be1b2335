import type { Microseconds } from '../../pipeline/index.js';
import type { HlsSegment, HlsSnapshot } from './hls-window.js';

/** How far another rendition has come, as EXT-X-RENDITION-REPORT tells it. */
export interface RenditionReport {
  /** Relative to the playlist. */
  readonly uri: string;
  readonly lastSequence: number;
  readonly lastPart: number | undefined;
}

/** What a media playlist is made from. */
export interface MediaPlaylist {
  readonly snapshot: HlsSnapshot;
  readonly targetDurationS: number;
  /** Parts, blocking reload and delta updates; without it a playlist for servers of plain files, which holds complete segments only. */
  readonly lowLatency:
    | { readonly partTargetUs: Microseconds; readonly reports: readonly RenditionReport[] }
    | undefined;
}

/** Segments older than this many target durations have no parts any more (RFC 8216bis, 6.2.2). */
const PARTS_FOR_TARGETS = 3;
/** A delta update leaves out segments older than this many target durations; the least that is allowed. */
const SKIP_AFTER_TARGETS = 6;

/**
 * A media playlist as text (RFC 8216bis).
 *
 * @param skip Leaves out old segments (EXT-X-SKIP) for viewers that have them, when there are any.
 */
export function mediaPlaylist(playlist: MediaPlaylist, skip = false): string {
  const { snapshot, targetDurationS, lowLatency } = playlist;
  const segments = lowLatency === undefined ? snapshot.segments.filter(({ complete }) => complete) : snapshot.segments;
  const skipped = skip && lowLatency !== undefined ? skippable(segments, targetDurationS) : 0;
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${skipped > 0 ? 9 : 6}`, `#EXT-X-TARGETDURATION:${targetDurationS}`];
  if (lowLatency !== undefined) lines.push(...serverControl(targetDurationS, lowLatency.partTargetUs));
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${segments[0]?.sequence ?? 0}`);
  lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${snapshot.discontinuitySequence}`);
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  const ages = agesOf(segments);
  for (let i = skipped; i < segments.length; i++) {
    const segment = segments[i] as HlsSegment;
    const isNear = (ages[i] as number) < PARTS_FOR_TARGETS * targetDurationS * 1e6;
    lines.push(...segmentLines(segment, segments[i - 1], lowLatency !== undefined && isNear));
  }
  if (snapshot.ended) lines.push('#EXT-X-ENDLIST');
  else if (lowLatency !== undefined && snapshot.nextPartUri !== undefined) {
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${snapshot.nextPartUri}"`);
  }
  for (const report of lowLatency?.reports ?? []) lines.push(renditionReport(report));
  return `${lines.join('\n')}\n`;
}

/** How many segments a delta update leaves out. */
function skippable(segments: readonly HlsSegment[], targetDurationS: number): number {
  const boundary = SKIP_AFTER_TARGETS * targetDurationS * 1e6;
  return agesOf(segments).filter((ageUs) => ageUs >= boundary).length;
}

/** From the end of each segment to the end of the playlist, microseconds. */
function agesOf(segments: readonly HlsSegment[]): Microseconds[] {
  let after = 0;
  const ages = segments.map(() => 0);
  for (let i = segments.length - 1; i >= 0; i--) {
    ages[i] = after;
    after += (segments[i] as HlsSegment).durationUs;
  }
  return ages;
}

function serverControl(targetDurationS: number, partTargetUs: Microseconds): string[] {
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `PART-HOLD-BACK=${seconds(3 * partTargetUs)}`,
    `HOLD-BACK=${3 * targetDurationS}`,
    `CAN-SKIP-UNTIL=${SKIP_AFTER_TARGETS * targetDurationS}`,
  ];
  return [`#EXT-X-SERVER-CONTROL:${control.join(',')}`, `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetUs)}`];
}

function segmentLines(segment: HlsSegment, before: HlsSegment | undefined, withParts: boolean): string[] {
  const lines: string[] = [];
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
  if (before?.init.uri !== segment.init.uri) lines.push(`#EXT-X-MAP:URI="${segment.init.uri}"`);
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.wallClockMs).toISOString()}`);
  if (withParts || !segment.complete) {
    for (const part of segment.parts) {
      const independent = part.independent ? ',INDEPENDENT=YES' : '';
      lines.push(`#EXT-X-PART:DURATION=${seconds(part.durationUs)},URI="${part.uri}"${independent}`);
    }
  }
  if (segment.complete) lines.push(`#EXTINF:${seconds(segment.durationUs)},`, segment.uri);
  return lines;
}

function renditionReport({ uri, lastSequence, lastPart }: RenditionReport): string {
  const part = lastPart === undefined ? '' : `,LAST-PART=${lastPart}`;
  return `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${lastSequence}${part}`;
}

/** Microseconds as decimal seconds, exactly. */
function seconds(us: Microseconds): string {
  return (us / 1e6).toFixed(6);
}
