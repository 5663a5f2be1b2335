import { Codec, CodecContext, Frame, type Packet } from 'node-av/lib';
import { rational } from '../libav/av.js';
import { type EncodedStream, parametersOf } from '../libav/encoded-stream.js';
import { colorTagsOf } from '../libav/picture-copy.js';

/**
 * Looks at one key frame to learn the size, format and colours that new headers stand for. The description comes back as it was where FFmpeg cannot decode
 * the packet, which stays the caller's.
 */
export async function describeKeyPicture(stream: EncodedStream, packet: Packet): Promise<EncodedStream> {
  const codec = Codec.findDecoder(stream.codecId as never);
  if (codec === null) return stream;
  const parameters = parametersOf(stream);
  const context = new CodecContext();
  const picture = new Frame();
  try {
    context.allocContext3(codec);
    context.parametersToContext(parameters);
    context.threadCount = 1;
    picture.alloc();
    if ((await context.open2(codec, null)) < 0) return stream;
    if ((await context.sendPacket(packet)) < 0) return stream;
    await context.sendPacket(null);
    if ((await context.receiveFrame(picture)) < 0) return stream;
    const { width, height, format, sampleAspectRatio } = picture;
    const color = colorTagsOf(picture as never);
    const { profile, level } = context;
    return { ...stream, width, height, format, sampleAspectRatio: rational(sampleAspectRatio), color, profile, level };
  } finally {
    picture.free();
    context.freeContext();
    parameters.free();
  }
}
