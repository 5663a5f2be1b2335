import { describe, expect, it } from 'vitest';
import { stripAdts } from '../../../streams/live/adts.js';
import { inputSettings, liveAddress } from '../../../streams/live/live-address.js';
import { StartGate } from '../../../streams/live/start-gate.js';

describe('stripAdts', () => {
  it('takes off the header, and says what it said', () => {
    const frame = Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x01, 0x3f, 0xfc, 1, 2, 3);
    expect(stripAdts(frame)).toEqual({ payload: Uint8Array.of(1, 2, 3), config: Uint8Array.of(0x12, 0x10) });
  });

  it('skips the checksum where there is one', () => {
    const frame = Uint8Array.of(0xff, 0xf0, 0x50, 0x80, 0x01, 0x3f, 0xfc, 9, 9, 1);
    expect(stripAdts(frame)?.payload).toEqual(Uint8Array.of(1));
  });

  it.each([[[]], [[0xff, 0xf1]], [[1, 2, 3, 4, 5, 6, 7, 8]], [[0xff, 0xf1, 0x50, 0x80, 0x01, 0x3f, 0xfc]]])(
    'finds none in %j',
    (bytes) => expect(stripAdts(Uint8Array.from(bytes))).toBeUndefined(),
  );
});

describe('liveAddress', () => {
  it.each([
    ['rtsp://me:pw@camera:554/1?token=x', 'rtsp://camera:554/1'],
    ['rtsp://me:p@ss@camera/1', 'rtsp://camera/1'],
    ['rtsp://me:p/w@camera/1', 'rtsp://camera/1'],
    ['srt://host:9000?passphrase=x', 'srt://host:9000'],
    ['loop:film.mp4', 'loop:film.mp4'],
    ['file:///tmp/film.mp4', 'file:/tmp/film.mp4'],
  ])('names %s as %s', (text, name) => expect(liveAddress(text).name).toBe(name));

  it('allows FFmpeg the protocols that are needed, and none else', () => {
    const settings = { connectTimeoutMs: 1, stallTimeoutMs: 1, probeBytes: 1, analyzeMs: 1 };
    expect(inputSettings(liveAddress('loop:x.m3u8'), settings)).toEqual({ protocol_whitelist: 'file' });
    expect(inputSettings(liveAddress('http://h/x.m3u8'), settings).protocol_whitelist).not.toMatch(/file|concat/);
    expect(inputSettings(liveAddress('rtsp://h/x'), settings).rtsp_transport).toBe('tcp');
  });
});

describe('StartGate', () => {
  it('opens at the first key frame', () => {
    const gate = new StartGate(true);
    expect(gate.admits('audio', true, 0)).toBe(false);
    expect(gate.admits('video', false, 10)).toBe(false);
    expect(gate.admits('video', true, 20)).toBe(true);
    expect(gate.admits('audio', true, 20)).toBe(true);
  });

  it('opens without one where none comes', () => {
    const gate = new StartGate(true);
    expect(gate.admits('video', false, 0)).toBe(false);
    expect(gate.admits('video', false, 5_000_001)).toBe(true);
  });

  it('is open where there is only sound', () => expect(new StartGate(false).admits('audio', true, 0)).toBe(true));
});
