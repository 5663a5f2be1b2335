import fc from 'fast-check';
import Flv from 'node-media-server/src/protocol/flv.js';
import { describe, expect, it } from 'vitest';
import { normalizePacket, packetCodec, packetFlag, pictureSize } from '../../../streams/rtmp-server/media-packet.js';
import { tenBitClip } from '../../fixtures/media.js';
import { clipPackets } from '../../helpers/hls-packets.js';
import { amf } from '../../helpers/rtmp-client.js';

const packet = (type: number, data: Buffer) => normalizePacket(Flv.parserTag(type, 0, data.length, data));
const video = (first: number, ...rest: (number | string)[]) =>
  packet(
    9,
    Buffer.concat([
      Buffer.from([first]),
      ...rest.map((part) => Buffer.from(typeof part === 'string' ? part : [part])),
      Buffer.alloc(16),
    ]),
  );

describe('a packet', () => {
  it.each([
    ['h264 header', video(0x17, 0), packetFlag.videoHeader, 'h264'],
    ['h264 key frame', video(0x17, 1), packetFlag.keyFrame, 'h264'],
    ['h264 frame', video(0x27, 1), packetFlag.frame, 'h264'],
    ['hevc key frame, older form', video(0x1c, 1), packetFlag.keyFrame, 'hevc'],
    ['hevc header', video(0x90, 'hvc1'), packetFlag.videoHeader, 'hevc'],
    ['hevc key frame', video(0x91, 'hvc1'), packetFlag.keyFrame, 'hevc'],
    ['hevc frame without composition time', video(0xa3, 'hvc1'), packetFlag.frame, 'hevc'],
    ['h264 key frame, extended form', video(0x91, 'avc1'), packetFlag.keyFrame, 'h264'],
    ['extended metadata', video(0x94, 'hvc1'), packetFlag.other, 'hevc'],
    ['aac header', packet(8, Buffer.from([0xaf, 0, 18, 16])), packetFlag.audioHeader, 'aac'],
    ['aac', packet(8, Buffer.from([0xaf, 1, 0])), packetFlag.audio, 'aac'],
    ['opus header', packet(8, Buffer.from('\x90Opus', 'latin1')), packetFlag.audioHeader, 'opus'],
    ['channels of sound', packet(8, Buffer.from('\x94mp4a', 'latin1')), packetFlag.other, 'aac'],
    ['opus', packet(8, Buffer.from('\x91Opus', 'latin1')), packetFlag.audio, 'opus'],
  ])('of %s is told apart', (_, got, flag, codec) => {
    expect(got?.flags).toBe(flag);
    expect(got && packetCodec(got)).toBe(codec);
  });

  it.each([
    ['nothing', packet(8, Buffer.alloc(0))],
    ['an end of sequence', video(0x17, 2)],
    ['an extended end of sequence', video(0x92, 'hvc1')],
    ['an end of sequence of sound', packet(8, Buffer.from('\x92Opus', 'latin1'))],
    ['AMF3', packet(15, Buffer.from([0, 1]))],
    ['nothing but @setDataFrame', packet(18, amf('@setDataFrame'))],
  ])('of %s is left out', (_, got) => {
    expect(got).toBeUndefined();
  });

  it('of metadata comes without @setDataFrame', () => {
    const got = packet(18, amf('@setDataFrame', 'onMetaData', { width: 160 }));
    expect(got?.data).toEqual(amf('onMetaData', { width: 160 }));
    expect(got?.flags).toBe(packetFlag.metadata);
  });

  it('of other data is sent on and not kept', () => {
    expect(packet(18, amf('onTextData', { text: 'x' }))?.flags).toBe(packetFlag.other);
  });

  it('of an H.264 header says how large pictures are', () => {
    // Baseline, level 1.1, 10 × 8 macroblocks: 160×128.
    const sps = Buffer.from([0x67, 0x42, 0xc0, 0x0b, 0xda, 0x0a, 0x11, 0x90]);
    const configuration = Buffer.concat([Buffer.from([1, 0x42, 0xc0, 0x0b, 0xff, 0xe1, 0, sps.length]), sps]);
    const got = packet(9, Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), configuration]));
    expect(got && pictureSize(got)).toEqual({ width: 160, height: 128 });
  });

  it.each([
    ['older form', Buffer.from([0x1c, 0, 0, 0, 0])],
    ['extended form', Buffer.from('\x90hvc1', 'latin1')],
  ])('of an HEVC header says how large pictures are, in its %s', async (_, tag) => {
    const [track] = (await clipPackets(await tenBitClip('hevc'))).tracks;
    const record = Buffer.from((track?.kind === 'video' && track.stream.extradataBase64) || '', 'base64');
    const got = packet(9, Buffer.concat([tag, record]));
    expect(got && pictureSize(got)).toEqual({ width: 320, height: 240 });
  });

  it('of a header of H.264 or HEVC that is damaged says no size, whatever is in it', () => {
    const tags = fc.constantFrom(Buffer.from([0x17, 0, 0, 0, 0]), Buffer.from('\x90hvc1', 'latin1'));
    const record = fc.uint8Array({ maxLength: 80 });
    const property = fc.property(tags, record, (tag, bytes) => {
      const got = packet(9, Buffer.concat([tag, bytes]));
      const size = got && pictureSize(got);
      return size === undefined || (size.width > 0 && size.height > 0);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
