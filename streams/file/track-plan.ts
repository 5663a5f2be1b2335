import { VitascopeError } from '../../pipeline/index.js';
import type { Container } from '../containers/containers.js';
import type { FilmInfo, TrackInfo } from '../film.js';

/** Text subtitle formats that become one another by rewriting packets. */
export type TextSubtitle = 'subrip' | 'mov_text' | 'webvtt';

/** What happens to one track of the original. */
export type TrackAction =
  | { readonly track: TrackInfo; readonly do: 'copy' }
  | { readonly track: TrackInfo; readonly do: 'replace-sound' }
  | { readonly track: TrackInfo; readonly do: 'convert-subtitle'; readonly to: TextSubtitle }
  | { readonly track: TrackInfo; readonly do: 'leave-out'; readonly why: string };

const textSubtitles = ['subrip', 'ass', 'ssa', 'webvtt', 'mov_text', 'text'];
const subtitleOf: Readonly<Record<string, TextSubtitle>> = {
  matroska: 'subrip',
  webm: 'webvtt',
  mp4: 'mov_text',
  mov: 'mov_text',
};

/**
 * Decides what becomes of every track but the film's own video, when it is written into a container. Sound and subtitles that the
 * container cannot hold are refused rather than lost in silence, unless `dropUnsupported`.
 *
 * @param replaced Index of a track in whose place made sound comes.
 * @throws VitascopeError `CONTAINER_CODEC` naming the tracks and what to do.
 */
export function planTracks(
  info: FilmInfo,
  container: Container,
  dropUnsupported: boolean,
  replaced?: number,
): readonly TrackAction[] {
  const others = info.tracks.filter((track) => track.index !== info.video?.trackIndex);
  const actions = others.map(
    (track): TrackAction => (track.index === replaced ? { track, do: 'replace-sound' } : planTrack(track, container)),
  );
  const refused = actions.filter((a) => a.do === 'leave-out' && isPrecious(a.track, container));
  if (refused.length > 0 && !dropUnsupported) {
    const list = refused.map(({ track }) => `track ${track.index} (${track.kind}, ${track.codec})`).join(', ');
    throw new VitascopeError(
      'CONTAINER_CODEC',
      `${container.muxer} cannot hold ${list}; write .mkv instead, or give --drop-unsupported to leave it out`,
      { context: { tracks: refused.map((a) => a.track.index), container: container.muxer } },
    );
  }
  return actions;
}

/** Losing these must be asked for. A still picture has no room for sound, and nobody expects it. */
function isPrecious(track: TrackInfo, container: Container): boolean {
  return !container.image && (track.kind === 'audio' || track.kind === 'subtitle' || track.kind === 'video');
}

function planTrack(track: TrackInfo, container: Container): TrackAction {
  const leaveOut = (why: string): TrackAction => ({ track, do: 'leave-out', why });
  if (container.image) return leaveOut('a picture holds no other tracks');
  switch (track.kind) {
    case 'audio':
      return holds(container.audio, track.codec)
        ? { track, do: 'copy' }
        : leaveOut(`${container.muxer} holds no ${track.codec}`);
    case 'subtitle':
      return planSubtitle(track, container);
    case 'attachment':
      return container.attachments ? { track, do: 'copy' } : leaveOut(`${container.muxer} holds no attachments`);
    case 'video':
      return planExtraVideo(track, container);
    case 'data':
      return leaveOut('data tracks are not understood by other containers');
  }
}

function planSubtitle(track: TrackInfo, container: Container): TrackAction {
  if (holds(container.subtitles, track.codec)) return { track, do: 'copy' };
  const to = subtitleOf[container.muxer];
  if (to !== undefined && textSubtitles.includes(track.codec)) return { track, do: 'convert-subtitle', to };
  return { track, do: 'leave-out', why: `${container.muxer} holds no ${track.codec} subtitles` };
}

function planExtraVideo(track: TrackInfo, container: Container): TrackAction {
  const cover = track.dispositions.includes('attached_pic');
  if (cover && !['matroska', 'mp4', 'mov'].includes(container.muxer)) {
    return { track, do: 'leave-out', why: `${container.muxer} holds no cover picture` };
  }
  return { track, do: 'copy' };
}

function holds(list: readonly string[] | 'any', codec: string): boolean {
  return list === 'any' || list.includes(codec);
}
