import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stripAdts } from '../../../streams/live/adts.js';
import { captureDevice } from '../../../streams/live/capture-device.js';
import { type ConnectSettings, inputSettings, liveAddress } from '../../../streams/live/live-address.js';
import { hasParameterSets, isAnnexB, joinParameterSets, parameterSets } from '../../../streams/live/parameter-sets.js';
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

  const settings: ConnectSettings = {
    connectTimeoutMs: 1,
    stallTimeoutMs: 1,
    probeBytes: 1,
    analyzeMs: 1,
    rtspTransport: 'tcp',
    confined: false,
    tls: { verify: true, caFile: undefined },
  };

  it('allows FFmpeg the protocols that are needed, and none else', () => {
    expect(inputSettings(liveAddress('loop:x.m3u8'), settings)).toEqual({ protocol_whitelist: 'file' });
    expect(inputSettings(liveAddress('http://h/x.m3u8'), settings).protocol_whitelist).not.toMatch(/file|concat/);
    expect(inputSettings(liveAddress('rtsp://h/x'), settings).rtsp_transport).toBe('tcp');
    expect(inputSettings(liveAddress('rtsp://h/x'), { ...settings, rtspTransport: 'udp' }).rtsp_transport).toBe('udp');
  });

  it.each(['https', 'rtmps', 'rtsps', 'http'])(
    'has %s checked against authorities, unless told otherwise',
    (scheme) => {
      const address = liveAddress(`${scheme}://h/x`);
      const byDefault = inputSettings(address, settings);
      expect(byDefault.tls_verify).toBe('1');
      const trusted = readFileSync(byDefault.ca_file as string, 'utf8');
      expect(trusted.split('BEGIN CERTIFICATE').length).toBeGreaterThan(50);
      const own = inputSettings(address, { ...settings, tls: { verify: true, caFile: 'own.pem' } });
      expect(own).toMatchObject({ tls_verify: '1', ca_file: 'own.pem' });
      expect(inputSettings(address, { ...settings, tls: { verify: false, caFile: undefined } }).tls_verify).toBe('0');
    },
  );
});

describe('captureDevice', () => {
  it.each([
    ['device://video0', 'linux', 'v4l2', '/dev/video0'],
    ['device:///dev/v4l/by-id/usb-Camera-index0', 'linux', 'v4l2', '/dev/v4l/by-id/usb-Camera-index0'],
    ['device://0', 'darwin', 'avfoundation', '0:none'],
    ['device://Integrated%20Camera', 'win32', 'dshow', 'video=Integrated Camera'],
  ])('opens %s on %s with %s', (text, platform, format, target) => {
    expect(captureDevice(text, platform)).toEqual({ format, target, options: {} });
  });

  it('asks the camera for a size and a rate', () => {
    const { target, options } = captureDevice('device://video0?size=1280x720&rate=30', 'linux');
    expect(target).toBe('/dev/video0');
    expect(options).toEqual({ video_size: '1280x720', framerate: '30' });
  });

  it.each([
    ['device://', 'linux'],
    ['device:///etc/passwd', 'linux'],
    ['device://../etc/passwd', 'linux'],
    ['device:///dev/../etc/passwd', 'linux'],
    ['device://0:1', 'darwin'],
    ['device://a:audio=b', 'win32'],
    ['device://%ff', 'linux'],
    ['device://video0?size=big', 'linux'],
    ['device://video0?filter_complex=x', 'linux'],
    ['device://video0', 'aix'],
  ])('refuses %s on %s', (text, platform) => {
    expect(() => captureDevice(text, platform)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('parameterSets', () => {
  const sps = Buffer.of(0x67, 1, 2);
  const pps = Buffer.of(0x68, 3);
  const slice = Buffer.of(0x65, 9);
  const start = Buffer.of(0, 0, 1);

  it('finds those in front of the first picture, whatever the start codes', () => {
    const sei = Buffer.of(6, 5);
    const data = Buffer.concat([
      Buffer.of(0),
      start,
      sei,
      start,
      sps,
      Buffer.of(0),
      start,
      pps,
      start,
      slice,
      start,
      pps,
    ]);
    expect(parameterSets('h264', data)).toEqual([sps, pps]);
    expect(joinParameterSets([sps, pps])).toEqual(Buffer.of(0, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 1, 0x68, 3));
  });

  it('finds none where the packet does not bring them all, or has another form', () => {
    expect(parameterSets('h264', Buffer.concat([start, pps, start, slice]))).toBeUndefined();
    expect(parameterSets('h264', Buffer.of(0, 0, 0, 2, 0x65, 9))).toBeUndefined();
    expect(parameterSets('vp9', Buffer.concat([start, sps]))).toBeUndefined();
  });

  it('knows those of HEVC', () => {
    const sets = [0x40, 0x42, 0x44].map((header) => Buffer.of(header, 1, 7));
    const data = Buffer.concat([joinParameterSets(sets), start, Buffer.of(0x26, 1)]);
    expect(parameterSets('hevc', data)).toEqual(sets);
  });

  it('sees which are new', () => {
    const header = joinParameterSets([sps, pps]);
    expect(hasParameterSets('h264', header, [pps, sps])).toBe(true);
    expect(hasParameterSets('h264', header, [Buffer.of(0x67, 1, 3), pps])).toBe(false);
    expect(hasParameterSets('h264', null, [sps])).toBe(false);
  });

  it.each([
    ['h264', Buffer.of(1, 0x64, 0, 0x1f), false],
    ['h264', Buffer.of(0, 0, 0, 1), true],
    ['hevc', null, true],
    ['av1', Buffer.of(0, 0, 0, 1), false],
  ])('tells the form of %s by its header', (codec, header, annexB) => {
    expect(isAnnexB(codec, header)).toBe(annexB);
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
