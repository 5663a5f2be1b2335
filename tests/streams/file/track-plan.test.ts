import { describe, expect, it } from 'vitest';
import { containerOf, containers } from '../../../streams/containers/containers.js';
import { planTracks } from '../../../streams/file/track-plan.js';
import type { FilmInfo, TrackInfo } from '../../../streams/film.js';

const track = (index: number, kind: TrackInfo['kind'], codec: string, dispositions: string[] = []): TrackInfo => ({
  index,
  kind,
  codec,
  language: undefined,
  title: undefined,
  dispositions,
  startUs: 0,
  durationUs: 1,
  bitRate: undefined,
  audio: undefined,
  metadata: {},
});

const film = (...tracks: TrackInfo[]) => ({ tracks, video: { trackIndex: 0 } }) as unknown as FilmInfo;

const plan = (extension: string, tracks: TrackInfo[], drop = false) =>
  planTracks(film(track(0, 'video', 'h264'), ...tracks), containerOf(`x${extension}`), drop).map((a) => a.do);

describe('planTracks', () => {
  it.each([
    ['.mkv', 'audio', 'pcm_s24le', 'copy'],
    ['.mp4', 'audio', 'aac', 'copy'],
    ['.webm', 'audio', 'opus', 'copy'],
    ['.mkv', 'subtitle', 'hdmv_pgs_subtitle', 'copy'],
    ['.mkv', 'subtitle', 'mov_text', 'convert-subtitle'],
    ['.mp4', 'subtitle', 'ass', 'convert-subtitle'],
    ['.webm', 'subtitle', 'subrip', 'convert-subtitle'],
    ['.mkv', 'attachment', 'ttf', 'copy'],
    ['.mp4', 'attachment', 'ttf', 'leave-out'],
    ['.mkv', 'data', 'bin_data', 'leave-out'],
    ['.png', 'audio', 'aac', 'leave-out'],
  ] as const)('in %s a track of %s %s is to be: %s', (extension, kind, codec, action) => {
    expect(plan(extension, [track(1, kind, codec)])).toEqual([action]);
  });

  it.each([
    ['.webm', 'audio', 'aac'],
    ['.mp4', 'subtitle', 'hdmv_pgs_subtitle'],
    ['.ts', 'subtitle', 'subrip'],
  ] as const)('refuses to lose what %s cannot hold: %s %s, unless told to', (extension, kind, codec) => {
    const tracks = [track(1, kind, codec)];
    expect(() => plan(extension, tracks)).toThrow(expect.objectContaining({ code: 'CONTAINER_CODEC' }));
    expect(plan(extension, tracks, true)).toEqual(['leave-out']);
  });

  it('keeps cover pictures where the container has a place for them', () => {
    const cover = [track(1, 'video', 'mjpeg', ['attached_pic'])];
    expect(plan('.mkv', cover)).toEqual(['copy']);
    expect(plan('.ts', cover, true)).toEqual(['leave-out']);
  });
});

describe('containerOf', () => {
  it('knows every extension in any case', () => {
    for (const { extensions, muxer } of containers) {
      for (const extension of extensions) expect(containerOf(`film${extension.toUpperCase()}`).muxer).toBe(muxer);
    }
  });

  it('names the known extensions when it knows none', () => {
    expect(() => containerOf('film.xyz')).toThrow(/\.mkv .*got "\.xyz"/);
  });
});
