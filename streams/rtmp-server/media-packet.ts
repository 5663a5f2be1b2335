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
 * - Extended video of any codec and HEVC in its older form (codec 12) are told apart into headers, key frames and others.
 * - Metadata comes without `@setDataFrame`, which is only for the way to the server.
 */
export function normalizePacket(packet: AVPacket): AVPacket | undefined {
  if (packet.size === 0) return undefined;
  if (packet.codec_type === audioTag) return packet;
  if (packet.codec_type === videoTag) return withVideoFlags(packet);
  return packet.codec_type === dataTag ? withoutSetDataFrame(packet) : undefined;
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
  const extended = isAudio ? first >> 4 === 9 : (first & 0x80) !== 0;
  if (extended) return fourCcs[packet.data.toString('latin1', 1, 5)] ?? 'unknown';
  return (isAudio ? audioCodecs[first >> 4] : videoCodecs[first & 0x0f]) ?? 'unknown';
}

/** Size of the picture that an H.264 header announces, pixels; nothing for other codecs. */
export function pictureSize(packet: AVPacket): { width: number; height: number } | undefined {
  if (packet.flags !== packetFlag.videoHeader || packetCodec(packet) !== 'h264') return undefined;
  const configuration = packet.data.subarray(5, packet.size);
  if (configuration.length < 8 || ((configuration[5] ?? 0) & 0x1f) === 0) return undefined;
  const length = configuration.readUInt16BE(6);
  return spsInfo.parseH264Sps(configuration.subarray(8, 8 + length)) ?? undefined;
}

function amfString(text: string): Buffer {
  return Buffer.concat([Buffer.from([2, 0, text.length]), Buffer.from(text, 'latin1')]);
}
