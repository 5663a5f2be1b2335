import type { Microseconds } from '../../pipeline/index.js';
import type { HlsSegment, HlsSnapshot } from './hls-window.js';

/** What a viewer asks of a media playlist (RFC 8216bis, 6.2.5). */
export interface ReloadRequest {
  /** The playlist shall hold this segment, or this part of it. */
  readonly waitFor: { readonly sequence: number; readonly part: number | undefined } | undefined;
  /** A delta update will do. */
  readonly skip: boolean;
}

/** Reads `_HLS_msn`, `_HLS_part` and `_HLS_skip`; nothing when they make no sense. */
export function reloadRequest(query: URLSearchParams): ReloadRequest | undefined {
  const skip = ['YES', 'v2'].includes(query.get('_HLS_skip') ?? '');
  const sequence = query.get('_HLS_msn');
  const part = query.get('_HLS_part');
  if (sequence === null) return part === null ? { waitFor: undefined, skip } : undefined;
  if (!isCount(sequence) || (part !== null && !isCount(part))) return undefined;
  return { waitFor: { sequence: Number(sequence), part: part === null ? undefined : Number(part) }, skip };
}

function isCount(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

/** What is to be done with a request: answer it, wait for more media, or refuse it since it is too far ahead. */
export type ReloadVerdict = 'ready' | 'wait' | 'too-far';

/** Decides a {@link ReloadRequest} that waits for something. */
export function judgeReload(
  { sequence, part }: NonNullable<ReloadRequest['waitFor']>,
  snapshot: HlsSnapshot,
  partTargetUs: Microseconds,
): ReloadVerdict {
  if (snapshot.ended) return 'ready';
  const last = snapshot.segments.at(-1);
  if (last === undefined) return 'wait';
  if (has(sequence, part, last)) return 'ready';
  if (sequence > last.sequence + 2) return 'too-far';
  const advance = Math.max(3, Math.ceil(3_000_000 / partTargetUs));
  const ahead = sequence === last.sequence && !last.complete ? (part ?? 0) - last.parts.length : 0;
  return ahead >= advance ? 'too-far' : 'wait';
}

/** A part beyond the end of its segment means the first part of the next one. */
function has(sequence: number, part: number | undefined, last: HlsSegment): boolean {
  if (sequence < last.sequence) return true;
  if (sequence > last.sequence) return false;
  return part === undefined ? last.complete : part < last.parts.length;
}
