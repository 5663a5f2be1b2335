import { type Observable, throwError } from 'rxjs';
import { type VideoSample, VitascopeError } from '../../pipeline/index.js';
import type { Film, FilmInfo, FilmRange, ReadReport } from '../film.js';
import { probe } from '../libav/probe.js';
import type { OpenFileOptions } from './open-options.js';
import { videoFrames } from './video-frames.js';

/**
 * Opens a film file, an image, or an image sequence (`scan/%05d.png`) for reading.
 *
 * Nothing is decoded until {@link Film.video} is subscribed. Frames wait for slots (archive policy): nothing is lost, and memory
 * stays bounded however slow the operators are.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `OPTION_INVALID`. The stream of frames can fail with
 * `INPUT_EMPTY`, `DECODER_MISSING`, `DECODE_FAILED`, `FRAME_FORMAT`.
 * @example
 * const film = await openFile('reel.mkv');
 * await writeFile('out.mp4', { ...film, video: film.video.pipe(colorize({ strength: 0.8 })) });
 */
export async function openFile(path: string, options: OpenFileOptions = {}): Promise<Film> {
  checkRange(options);
  const info = await probe(path, options);
  const report: ReadReport = { skipped: 0, damaged: 0, retimed: 0, rescaled: 0, dropped: 0, truncated: false };
  const { video } = info;
  const frames = video === undefined ? noVideo(info) : videoFrames(info, video, options, report);
  return {
    info,
    video: frames,
    untouchedVideo: frames,
    range: { fromUs: options.fromUs, toUs: options.toUs },
    report,
  };
}

function checkRange({ fromUs = 0, toUs }: FilmRange): void {
  if (!(fromUs >= 0)) throw new VitascopeError('OPTION_INVALID', `from must be 0 or later, got ${fromUs} µs`);
  if (toUs !== undefined && !(toUs > fromUs)) {
    throw new VitascopeError('OPTION_INVALID', `to must be later than from, got ${fromUs} µs to ${toUs} µs`);
  }
}

function noVideo({ path }: FilmInfo): Observable<VideoSample> {
  return throwError(() => new VitascopeError('INPUT_NO_VIDEO', `${path} holds no video`, { context: { path } }));
}
