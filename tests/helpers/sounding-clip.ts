import type { AVCodecID } from 'node-av/constants';
import { writeTracks } from '../../streams/libav/synthesis/write-tracks.js';
import { cached } from '../fixtures/cache.js';
import { videoTrack } from '../fixtures/tracks.js';
import { type BeepRecipe, beepTrack } from './beeps.js';

/** How the sound of a {@link soundingClip} is encoded. */
export type ClipSound = Omit<BeepRecipe, 'container' | 'seconds'> & {
  /** Says that it is another codec than it is, in MP4. */
  readonly codecId?: AVCodecID;
};

/** Moving pictures of 25 a second, a key frame each second, with a beep at each full second, in Matroska. */
export function soundingClip(sound: ClipSound, seconds = 4): Promise<string> {
  return cached('sounding.mkv', { sound, seconds }, (path) => {
    const video = videoTrack({
      chain: 'testsrc2=size=160x120:rate=25,format=yuv420p',
      frames: seconds * 25,
      fps: { num: 25, den: 1 },
      container: 'matroska',
      encoder: 'libx264',
      options: { preset: 'ultrafast', g: '25', bf: '0' },
    });
    const container = sound.codecId === undefined ? 'matroska' : 'mp4';
    const track = beepTrack({ ...sound, container: 'matroska', seconds });
    if (sound.codecId !== undefined) track.parameters.codecId = sound.codecId;
    writeTracks(path, [video, track], {
      container,
      ...(container === 'mp4' && { options: { movflags: 'faststart' } }),
    });
  });
}
