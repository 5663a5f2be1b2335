import { describe, expect, it } from 'vitest';
import { TrackWatch } from '../../../streams/live/track-watch.js';

const STALL_MS = 10_000;

function watched(mayReconnect = true) {
  const said: string[] = [];
  const watch = new TrackWatch('rtsp://camera/1', STALL_MS, mayReconnect, (what) => said.push(what));
  let nowMs = 0;
  /** Lets tracks come every 20 ms for so long. */
  const flow = (tracks: readonly ('video' | 'audio')[], seconds: number): void => {
    for (const endMs = nowMs + seconds * 1000; nowMs < endMs; nowMs += 20) {
      for (const track of tracks) watch.arrived(track, nowMs);
    }
  };
  return { watch, said, flow, pause: (ms: number) => (nowMs += ms) };
}

const both = ['video', 'audio'] as const;

describe('TrackWatch', () => {
  it.each([
    ['video', 'audio', /no pictures came for 10 s, though other tracks go on/],
    ['audio', 'video', /no sound came for 10 s, though other tracks go on/],
  ] as const)('takes %s that stops beside %s for a loss', (_, other, words) => {
    const { flow } = watched();
    flow(both, 5);
    flow([other], 9.9);
    expect(() => flow([other], 0.2)).toThrow(words);
  });

  it('is quiet where both flow, where both pause, and where there is only one', () => {
    const { flow, said, pause } = watched();
    flow(['audio'], 100);
    flow(both, 100);
    pause(STALL_MS * 2);
    flow(both, 1);
    expect(said).toEqual([]);
  });

  it('only says so where a new connection does not bring it back, once', () => {
    const { watch, flow, said } = watched();
    flow(both, 5);
    expect(() => flow(['audio'], 11)).toThrow();
    watch.connected();
    flow(['audio'], 100);
    expect(said).toEqual(['no pictures came for 10 s; what else there is goes on']);
    watch.connected();
    flow(['audio'], 100);
    expect(said).toHaveLength(1);
    flow(both, 1);
    expect(said.at(-1)).toBe('pictures come again');
  });

  it('does not connect anew again and again for a track that comes and goes', () => {
    const { watch, flow, said } = watched();
    flow(both, 5);
    expect(() => flow(['video'], 11)).toThrow();
    watch.connected();
    for (let i = 0; i < 5; i++) {
      flow(both, 10);
      flow(['video'], 20);
    }
    expect(said.filter((what) => what.startsWith('no sound'))).toHaveLength(5);
  });

  it('tries again for a track that had come for a minute', () => {
    const { watch, flow } = watched();
    flow(both, 5);
    expect(() => flow(['audio'], 11)).toThrow();
    watch.connected();
    flow(both, 61);
    expect(() => flow(['audio'], 11)).toThrow();
  });

  it('only says so where nothing is to be tried again', () => {
    const { flow, said } = watched(false);
    flow(both, 5);
    flow(['audio'], 11);
    expect(said).toEqual(['no pictures came for 10 s; what else there is goes on']);
  });
});
