import { VitascopeError } from '../../../pipeline/index.js';
import type { EncodedTrack } from '../live-types.js';

/** What may be in FLV here, and what must have its header at hand. FFmpeg's muxer ends the whole process over the rest of what it says it holds. */
const HELD = new Set(['h264', 'hevc', 'av1', 'vp9', 'aac', 'mp3', 'ac3', 'eac3', 'opus', 'flac']);
const NEEDS_HEADER = new Set(['av1', 'vp9', 'opus', 'flac']);

/** Call before FFmpeg's FLV muxer sees the tracks. @throws VitascopeError `CONTAINER_CODEC` when FLV cannot hold one of them. */
export function checkFlv(tracks: readonly EncodedTrack[]): void {
  if (tracks.every(isHeld)) return;
  const codecs = describeCodecs(tracks);
  throw new VitascopeError('CONTAINER_CODEC', `FLV cannot hold ${codecs}`, { context: { codecs } });
}

/** For people. */
export const describeCodecs = (tracks: readonly EncodedTrack[]): string =>
  tracks.map(({ codec }) => codec).join(' and ');

function isHeld(track: EncodedTrack): boolean {
  const { extradataBase64 } = track.kind === 'video' ? track.stream : track;
  return HELD.has(track.codec) && (extradataBase64 !== null || !NEEDS_HEADER.has(track.codec));
}
