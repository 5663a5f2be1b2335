import { AV_CODEC_ID_AAC, type AVCodecID } from 'node-av/constants';
import { avGetCodecName, Codec, type Stream } from 'node-av/lib';
import { stripAdts } from './adts.js';
import type { LiveConnection } from './live-connection.js';
import type { AudioTrack } from './live-types.js';

/** What outputs must know of the sound of a connection. AAC with headers of its own (ADTS) is described as it will be without them. */
export async function soundOf(connection: LiveConnection, stream: Stream): Promise<AudioTrack> {
  const { codecpar } = stream;
  let extradata: Uint8Array | null = codecpar.extradata;
  if (carriesAdts(stream)) {
    const first = await connection.peek(stream);
    extradata = (first?.data ? stripAdts(first.data)?.config : undefined) ?? null;
    first?.free();
  }
  return {
    kind: 'audio',
    codec: avGetCodecName(codecpar.codecId) ?? 'unknown',
    codecId: codecpar.codecId,
    sampleRate: codecpar.sampleRate,
    channels: codecpar.channels,
    extradataBase64: extradata === null ? null : Buffer.from(extradata).toString('base64'),
  };
}

/** True where each packet begins with an ADTS header. */
export function carriesAdts({ codecpar }: Stream): boolean {
  return codecpar.codecId === AV_CODEC_ID_AAC && (codecpar.extradata?.length ?? 0) === 0;
}

/** True where packets of one can go on in a track of the other. */
export function isSameSound(a: AudioTrack, b: AudioTrack): boolean {
  return (
    a.codecId === b.codecId &&
    a.sampleRate === b.sampleRate &&
    a.channels === b.channels &&
    a.extradataBase64 === b.extradataBase64
  );
}

/** For people. */
export const describeSound = ({ codec, sampleRate, channels }: AudioTrack): string =>
  `${codec} ${sampleRate} Hz ×${channels}`;

/** True where the bundled FFmpeg has a decoder for it. */
export const isDecodable = ({ codecId }: AudioTrack): boolean => Codec.findDecoder(codecId as AVCodecID) !== null;
