import { AV_CODEC_FLAG_QSCALE, AV_PIX_FMT_YUVJ420P, type AVCodecID } from 'node-av/constants';
import { avGetCodecName, avGetPixFmtName, Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { type Rational, rationalValue, VitascopeError } from '../../pipeline/index.js';
import { avCheck, rational } from './av.js';
import { type EncodedStream, parametersOf } from './encoded-stream.js';
import { FilterSession } from './filter-session.js';

/** A picture that can be decoded by itself. */
export interface KeyPicture {
  readonly stream: EncodedStream;
  /** The packet of a key frame. */
  readonly data: Uint8Array;
}

const TIME_BASE: Rational = { num: 1, den: 25 };
/** FFmpeg's `-q:v 4` in its own unit. */
const QUALITY = 4 * 118;
/** ITU-T H.273: unspecified, and that of HDTV. */
const [UNSPECIFIED, BT709] = [2, 1];

/**
 * A key frame as a JPEG: full range, BT.601 as JFIF has it, square pixels.
 *
 * @param height Rows of the JPEG, at least 1; never more than the picture has. Default: as many. The width follows from the shape of the picture.
 * @throws VitascopeError `DECODER_MISSING`, `DECODE_FAILED`, `OPTION_INVALID`
 */
export async function stillPicture(key: KeyPicture, height?: number): Promise<Buffer> {
  if (height !== undefined && !(Number.isInteger(height) && height >= 1)) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `stillPicture: height must be a whole number of at least 1, got ${height}`,
    );
  }
  const picture = await decodeOne(key);
  let prepared: Frame | undefined;
  try {
    prepared = await prepare(picture, key.stream, height);
  } finally {
    picture.free();
  }
  try {
    return await encodeJpeg(prepared);
  } finally {
    prepared.free();
  }
}

/** The caller frees the picture. */
async function decodeOne({ stream, data }: KeyPicture): Promise<Frame> {
  const codec = Codec.findDecoder(stream.codecId as AVCodecID);
  if (codec === null) {
    const name = avGetCodecName(stream.codecId as AVCodecID) ?? 'unknown';
    throw new VitascopeError('DECODER_MISSING', `stillPicture: the bundled FFmpeg has no decoder for ${name}`);
  }
  const context = new CodecContext();
  context.allocContext3(codec);
  const packet = new Packet();
  packet.alloc();
  const picture = new Frame();
  picture.alloc();
  try {
    const parameters = parametersOf(stream);
    context.parametersToContext(parameters);
    parameters.free();
    context.threadCount = 1;
    avCheck(await context.open2(codec, null), 'DECODER_MISSING', `stillPicture: ${codec.name} does not open`);
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    avCheck(await context.sendPacket(packet), 'DECODE_FAILED', 'stillPicture: the key frame is damaged');
    avCheck(await context.sendPacket(null), 'DECODE_FAILED', 'stillPicture: the decoder does not end');
    avCheck(await context.receiveFrame(picture), 'DECODE_FAILED', 'stillPicture: the key frame gives no picture');
    return picture;
  } catch (error) {
    picture.free();
    throw error;
  } finally {
    packet.free();
    context.freeContext();
  }
}

/** Scaled, and in the colours of a JPEG; the caller frees it. */
async function prepare(picture: Frame, stream: EncodedStream, wanted: number | undefined): Promise<Frame> {
  const { width, height } = picture;
  const pixelShape = rationalValue(rational(picture.sampleAspectRatio)) || rationalValue(stream.sampleAspectRatio) || 1;
  const rows = Math.min(height, wanted ?? height);
  const columns = Math.max(1, Math.round((width * pixelShape * rows) / height));
  // Untagged pictures of that size are HDTV's, as players take them.
  if (picture.colorSpace === UNSPECIFIED && height >= 720) picture.colorSpace = BT709 as typeof picture.colorSpace;
  const { colorSpace, colorRange } = picture;
  const scale = `scale=${columns}:${rows}:flags=bicubic:out_color_matrix=bt601:out_range=full`;
  const session = FilterSession.open(
    `${scale},format=${avGetPixFmtName(AV_PIX_FMT_YUVJ420P)},setsar=1`,
    [
      {
        width,
        height,
        avPixelFormat: picture.format as never,
        timeBase: TIME_BASE,
        frameRate: { num: 0, den: 1 },
        sampleAspectRatio: { num: 1, den: 1 },
        colorSpace,
        colorRange,
      },
    ],
    1,
  );
  try {
    picture.pts = 0n;
    await session.push(picture);
    await session.push(null);
    const prepared = await session.pull();
    if (prepared === undefined) throw new VitascopeError('FILTER_INVALID', 'stillPicture: scaling gave no picture');
    return prepared;
  } finally {
    session.close();
  }
}

async function encodeJpeg(picture: Frame): Promise<Buffer> {
  const codec = Codec.findEncoderByName('mjpeg' as never);
  if (codec === null) throw new VitascopeError('ENCODER_UNKNOWN', 'the bundled FFmpeg has no encoder mjpeg');
  const context = new CodecContext();
  context.allocContext3(codec);
  const packet = new Packet();
  packet.alloc();
  try {
    context.width = picture.width;
    context.height = picture.height;
    context.pixelFormat = AV_PIX_FMT_YUVJ420P;
    context.timeBase = TIME_BASE as never;
    context.threadCount = 1;
    context.flags = (context.flags | AV_CODEC_FLAG_QSCALE) as typeof context.flags;
    context.globalQuality = QUALITY;
    picture.quality = QUALITY;
    avCheck(await context.open2(codec, null), 'ENCODER_FAILED', 'stillPicture: the encoder mjpeg does not open');
    avCheck(await context.sendFrame(picture), 'ENCODER_FAILED', 'stillPicture: mjpeg refused the picture');
    avCheck(await context.receivePacket(packet), 'ENCODER_FAILED', 'stillPicture: mjpeg gave nothing');
    return Buffer.from(packet.data ?? []);
  } finally {
    packet.free();
    context.freeContext();
  }
}
