import { type VideoFrame, VitascopeError } from '../../pipeline/index.js';
import { VideoEncoder } from './video-encoder.js';

/**
 * Encodes one frame as an image file.
 *
 * @param codec FFmpeg's encoder: `png` or `mjpeg`.
 * @param frame Borrowed.
 */
export async function encodePicture(frame: VideoFrame, codec: 'png' | 'mjpeg' = 'png'): Promise<Buffer> {
  const packets: Buffer[] = [];
  const encoder = await VideoEncoder.open(
    { videoCodec: codec },
    {
      picture: frame.properties(),
      timeBase: { num: 1, den: 1_000_000 },
      frameRate: { num: 25, den: 1 },
      globalHeader: false,
    },
    (packet) => packets.push(Buffer.from(packet.data ?? [])),
  );
  try {
    await encoder.write(frame);
  } catch (error) {
    encoder.close();
    throw error;
  }
  await encoder.finish();
  const [image] = packets;
  if (image === undefined) throw new VitascopeError('ENCODER_FAILED', `encodePicture: ${codec} made no picture`);
  return image;
}
