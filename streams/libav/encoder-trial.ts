/** Entry of a child process: encodes a picture with each encoder that its arguments name, and tells the parent. */
import { writeSync } from 'node:fs';
import { AV_LOG_ERROR, type AVPixelFormat } from 'node-av/constants';
import {
  avGetPixFmtFromName,
  avGetPixFmtName,
  Codec,
  CodecContext,
  Frame,
  HardwareDeviceContext,
  HardwareFramesContext,
  Log,
  Packet,
} from 'node-av/lib';
import { avCheck } from './av.js';
import { type EncoderTrial, TRIAL_MARK } from './hardware-encoders.js';

const WIDTH = 640;
const HEIGHT = 360;
/** Enough for a packet, once the encoder is drained. */
const FRAMES = 2;

Log.setLevel(AV_LOG_ERROR);
for (const encoder of process.argv.slice(2)) {
  writeSync(2, `${TRIAL_MARK}${encoder}\n`);
  const failure = await trial(encoder).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  process.send?.({ encoder, failure } satisfies EncoderTrial);
}
process.disconnect();

/** What is wrong with an encoder; nothing when it gives packets. */
async function trial(name: string): Promise<string | undefined> {
  const codec = Codec.findEncoderByName(name as never);
  if (codec === null) return 'it is not in this FFmpeg';
  const context = new CodecContext();
  const device = openDevice(name);
  try {
    context.allocContext3(codec);
    const formats = (codec.pixelFormats ?? []).map((format) => avGetPixFmtName(format) ?? '');
    const picture = device ? uploadedPicture(device, hardwareFormat(name)) : softwarePicture(softwareFormat(formats));
    configure(context, picture);
    avCheck(await context.open2(codec), 'ENCODER_FAILED', 'it does not open');
    return (await packetsFrom(context, picture)) > 0 ? undefined : 'it gives no packets';
  } finally {
    context.freeContext();
  }
}

function openDevice(name: string): HardwareDeviceContext | undefined {
  const kind = /_(vaapi|vulkan|d3d12va)$/.exec(name)?.[1];
  if (kind === undefined) return undefined;
  const device = new HardwareDeviceContext();
  const type = HardwareDeviceContext.findTypeByName(kind as never);
  avCheck(device.create(type), 'ENCODER_FAILED', `there is no ${kind} device`);
  return device;
}

function hardwareFormat(name: string): AVPixelFormat {
  const names: Record<string, string> = { vaapi: 'vaapi', vulkan: 'vulkan', d3d12va: 'd3d12' };
  return avGetPixFmtFromName(names[name.slice(name.lastIndexOf('_') + 1)] ?? '');
}

function softwareFormat(formats: readonly string[]): AVPixelFormat {
  return avGetPixFmtFromName(['nv12', 'yuv420p', 'p010le'].find((name) => formats.includes(name)) ?? 'nv12');
}

function softwarePicture(format: AVPixelFormat): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = WIDTH;
  picture.height = HEIGHT;
  picture.format = format;
  avCheck(picture.getBuffer(0), 'ENCODER_FAILED', 'no memory for a picture');
  for (const plane of picture.data ?? []) plane.fill(128);
  return picture;
}

function uploadedPicture(device: HardwareDeviceContext, format: AVPixelFormat): Frame {
  const software = softwarePicture(avGetPixFmtFromName('nv12'));
  const frames = new HardwareFramesContext();
  frames.alloc(device);
  frames.format = format;
  frames.swFormat = avGetPixFmtFromName('nv12');
  frames.width = WIDTH;
  frames.height = HEIGHT;
  frames.initialPoolSize = 4;
  avCheck(frames.init(), 'ENCODER_FAILED', 'the device takes no nv12 pictures');
  const picture = new Frame();
  picture.alloc();
  avCheck(frames.getBuffer(picture), 'ENCODER_FAILED', 'the device has no memory for a picture');
  avCheck(frames.transferDataSync(picture, software), 'ENCODER_FAILED', 'the picture cannot be brought to the device');
  picture.hwFramesCtx = frames;
  return picture;
}

function configure(context: CodecContext, picture: Frame): void {
  context.width = WIDTH;
  context.height = HEIGHT;
  context.pixelFormat = picture.format as AVPixelFormat;
  context.timeBase = { num: 1, den: 25 } as never;
  context.framerate = { num: 25, den: 1 } as never;
  if (picture.hwFramesCtx) context.hwFramesCtx = picture.hwFramesCtx;
}

async function packetsFrom(context: CodecContext, picture: Frame): Promise<number> {
  const packet = new Packet();
  packet.alloc();
  let packets = 0;
  const receive = async (): Promise<void> => {
    while ((await context.receivePacket(packet)) >= 0) {
      packets++;
      packet.unref();
    }
  };
  for (let i = 0; i < FRAMES; i++) {
    picture.pts = BigInt(i);
    avCheck(await context.sendFrame(picture), 'ENCODER_FAILED', 'it refuses a picture');
    await receive();
  }
  avCheck(await context.sendFrame(null), 'ENCODER_FAILED', 'it cannot be drained');
  await receive();
  return packets;
}
