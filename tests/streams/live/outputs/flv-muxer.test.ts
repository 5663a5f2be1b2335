import { describe, expect, it } from 'vitest';
import type { AudioTrack } from '../../../../streams/live/live-types.js';
import { FlvMuxer } from '../../../../streams/live/outputs/flv-muxer.js';

const sound = (codec: string, codecId: number): AudioTrack => ({
  kind: 'audio',
  codec,
  codecId,
  sampleRate: 8000,
  channels: 1,
  extradataBase64: null,
});

describe('FlvMuxer', () => {
  // FFmpeg's muxer would end the process, and with it all streams of a server.
  it.each([
    ['pcm_alaw', 65_543],
    ['pcm_mulaw', 65_542],
    ['pcm_s16le', 65_536],
    ['nellymoser', 86_049],
    ['opus', 86_076],
    ['flac', 86_028],
  ])('refuses %s without a header, and lives on', (codec, id) => {
    expect(() => new FlvMuxer([sound(codec, id)], 0)).toThrow(`FLV cannot hold ${codec}`);
  });

  it('takes AAC', () => {
    const muxer = new FlvMuxer([sound('aac', 86_018)], 0);
    expect(muxer.header.length).toBeGreaterThan(0);
    muxer.close();
  });
});
