import type { Microseconds } from '../../pipeline/index.js';
import type { FilmInfo, TrackInfo, VideoInfo } from '../film.js';

/** Containers round, and a last picture's duration is often a guess. */
const TOLERANCE_US: Microseconds = 500_000;

/**
 * Whether the pictures of a film stopped well before the container had said they would: the file is cut off.
 *
 * @param endUs Where the last picture ends, in the container's own time.
 * @param toUs Where reading was to end at the latest, in the container's own time.
 */
export function endedEarly(info: FilmInfo, video: VideoInfo, endUs: Microseconds, toUs: Microseconds): boolean {
  const track = info.tracks[video.trackIndex];
  const durationUs = track === undefined ? undefined : announcedDuration(track);
  if (track === undefined || durationUs === undefined) return false;
  const announcedEndUs = (track.startUs ?? info.startUs) + durationUs;
  return endUs + TOLERANCE_US < Math.min(announcedEndUs, toUs);
}

/** Matroska keeps the duration of a track in a tag. */
function announcedDuration({ durationUs, metadata }: TrackInfo): Microseconds | undefined {
  if (durationUs !== undefined) return durationUs;
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(metadata.DURATION ?? '') ?? [];
  return hours === undefined
    ? undefined
    : Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6);
}
