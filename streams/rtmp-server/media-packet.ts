import type AVPacket from 'node-media-server/src/core/avpacket.js';
import spsInfo from 'node-media-server/src/protocol/sps_info.js';

/** What a packet is, by the flags of node-media-server. */
export const packetFlag = {
  audioHeader: 0,
  audio: 1,
  videoHeader: 2,
  keyFrame: 3,
  frame: 4,
  metadata: 5,
  /** Sent on and not kept. */
  other: 6,
} as const;

const audioTag = 8;
const videoTag = 9;
const dataTag = 18;
const setDataFrame = amfString('@setDataFrame');
const onMetaData = amfString('onMetaData');

/**
 * Mends how node-media-server classifies a packet; nothing for packets that players must not get.
 *
 * - Empty messages are left out: the package writes them a byte short, and players lose the thread.
 * - Other types than sound, picture and AMF0 data are left out: it takes them for sound headers.
 * - Ends of sequences are left out: the stream goes on when the publisher comes back.
 * - Extended video of any codec and HEVC in its older form (codec 12) are told apart into headers, key frames and others, extended sound into headers,
 *   sound and others.
 * - Metadata comes without `@setDataFrame`, which is only for the way to the server.
 */
export function normalizePacket(packet: AVPacket): AVPacket | undefined {
  if (packet.size === 0) return undefined;
  if (packet.codec_type === audioTag) return withAudioFlags(packet);
  if (packet.codec_type === videoTag) return withVideoFlags(packet);
  return packet.codec_type === dataTag ? withoutSetDataFrame(packet) : undefined;
}

/** First half of the first byte of sound in the extended form. */
const extendedAudio = 9;

function withAudioFlags(packet: AVPacket): AVPacket | undefined {
  const first = packet.data[0] ?? 0;
  if (first >> 4 !== extendedAudio) return packet;
  const type = first & 0x0f;
  if (type === 2) return undefined;
  if (type > 2) packet.flags = packetFlag.other;
  return packet;
}

function withVideoFlags(packet: AVPacket): AVPacket | undefined {
  const first = packet.data[0] ?? 0;
  const isKey = ((first >> 4) & 7) === 1;
  const extended = (first & 0x80) !== 0;
  const type = extended ? first & 0x0f : (packet.data[1] ?? 0);
  if (!extended && ![7, 12].includes(first & 0x0f)) {
    packet.flags = isKey ? packetFlag.keyFrame : packetFlag.frame;
    return packet;
  }
  if (type === 2) return undefined;
  if (type === 0) packet.flags = packetFlag.videoHeader;
  else if (type === 1 || type === 3) packet.flags = isKey ? packetFlag.keyFrame : packetFlag.frame;
  else packet.flags = packetFlag.other;
  return packet;
}

function withoutSetDataFrame(packet: AVPacket): AVPacket | undefined {
  let data = packet.data.subarray(0, packet.size);
  if (data.indexOf(setDataFrame) === 0) data = data.subarray(setDataFrame.length);
  if (data.length === 0) return undefined;
  packet.data = data;
  packet.size = data.length;
  packet.flags = data.indexOf(onMetaData) === 0 ? packetFlag.metadata : packetFlag.other;
  return packet;
}

const videoCodecs: Readonly<Record<number, string>> = { 2: 'flv1', 4: 'vp6f', 7: 'h264', 12: 'hevc' };
const audioCodecs: Readonly<Record<number, string>> = {
  2: 'mp3',
  7: 'pcm_alaw',
  8: 'pcm_mulaw',
  10: 'aac',
  11: 'speex',
};
const fourCcs: Readonly<Record<string, string>> = {
  avc1: 'h264',
  hvc1: 'hevc',
  av01: 'av1',
  vp08: 'vp8',
  vp09: 'vp9',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
  Opus: 'opus',
  '.mp3': 'mp3',
  fLaC: 'flac',
  mp4a: 'aac',
};

/** FFmpeg's name of the codec of a packet of sound or picture, or `unknown`. */
export function packetCodec(packet: AVPacket): string {
  const first = packet.data[0] ?? 0;
  const isAudio = packet.codec_type === audioTag;
  const extended = isAudio ? first >> 4 === extendedAudio : (first & 0x80) !== 0;
  if (extended) return fourCcs[packet.data.toString('latin1', 1, 5)] ?? 'unknown';
  return (isAudio ? audioCodecs[first >> 4] : videoCodecs[first & 0x0f]) ?? 'unknown';
}

/** Of tag, codec and time, before the codec's own header; both in the older and in the extended form. */
const videoTagBytes = 5;

/** Size of the picture that a header of H.264 or HEVC announces, pixels; nothing for other codecs, and for headers that cannot be read. */
export function pictureSize(packet: AVPacket): { width: number; height: number } | undefined {
  if (packet.flags !== packetFlag.videoHeader) return undefined;
  const header = packet.data.subarray(videoTagBytes, packet.size);
  switch (packetCodec(packet)) {
    case 'h264': {
      const sps = avcSps(header);
      return sps && (spsInfo.parseH264Sps(sps) ?? undefined);
    }
    case 'hevc': {
      const sps = hevcSps(header);
      return sps && (spsInfo.parseH265Sps(sps) ?? undefined);
    }
    default:
      return undefined;
  }
}

/** The first sequence parameter set of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
function avcSps(record: Buffer): Buffer | undefined {
  if (record.length < 8 || ((record[5] ?? 0) & 0x1f) === 0) return undefined;
  return record.subarray(8, 8 + record.readUInt16BE(6));
}

const hevcArraysAt = 22;
const hevcSpsType = 33;

/** The first sequence parameter set of an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1). */
function hevcSps(record: Buffer): Buffer | undefined {
  let at = hevcArraysAt + 1;
  for (let arrays = record[hevcArraysAt] ?? 0; arrays > 0 && at + 3 <= record.length; arrays -= 1) {
    const type = (record[at] ?? 0) & 0x3f;
    let units = record.readUInt16BE(at + 1);
    at += 3;
    for (; units > 0 && at + 2 <= record.length; units -= 1) {
      const length = record.readUInt16BE(at);
      if (type === hevcSpsType) return record.subarray(at + 2, at + 2 + length);
      at += 2 + length;
    }
  }
  return undefined;
}

function amfString(text: string): Buffer {
  return Buffer.concat([Buffer.from([2, 0, text.length]), Buffer.from(text, 'latin1')]);
}
