import { type AVCodecID, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { CodecContext, CodecParameters } from 'node-av/lib';
import type { ColorTags, FieldOrder, Rational } from '../../pipeline/index.js';
import { rational } from './av.js';
import { colorTagsOf, setColorTags } from './picture-copy.js';

/** The headers of an encoded video stream as plain data, so that they can lie beside its packets on disk. */
export interface EncodedStream {
  readonly codecId: number;
  /** The encoder's own FourCC, 0 when it has none: NUT needs it for ProRes, and QuickTime tells profiles apart by it. */
  readonly codecTag: number;
  readonly profile: number;
  readonly level: number;
  /** FFmpeg's `AVPixelFormat` value. */
  readonly format: number;
  readonly bitRate: number;
  readonly bitsPerRawSample: number;
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: Rational;
  readonly color: ColorTags;
  readonly fieldOrder: FieldOrder;
  /** Pictures that may be held back for reordering. */
  readonly videoDelay: number;
  readonly extradataBase64: string | null;
}

/** @param fieldOrder what the encoder was told of the pictures' fields; node-av does not show it in the parameters. */
export function describeParameters(p: CodecParameters, fieldOrder: FieldOrder = 'progressive'): EncodedStream {
  return {
    codecId: p.codecId,
    codecTag: p.codecTag,
    profile: p.profile,
    level: p.level,
    format: p.format,
    bitRate: Number(p.bitRate),
    bitsPerRawSample: p.bitsPerRawSample,
    width: p.width,
    height: p.height,
    sampleAspectRatio: rational(p.sampleAspectRatio),
    color: colorTagsOf(p as never),
    fieldOrder,
    videoDelay: p.videoDelay,
    extradataBase64: p.extradata?.toString('base64') ?? null,
  };
}

/** The same as FFmpeg's codec parameters. The caller frees them. */
export function parametersOf(stream: EncodedStream): CodecParameters {
  const p = withFieldOrder(stream.fieldOrder);
  p.codecType = AVMEDIA_TYPE_VIDEO;
  p.codecId = stream.codecId as AVCodecID;
  p.codecTag = stream.codecTag;
  p.profile = stream.profile as never;
  p.level = stream.level;
  p.format = stream.format as never;
  p.bitRate = BigInt(stream.bitRate);
  p.bitsPerRawSample = stream.bitsPerRawSample;
  p.width = stream.width;
  p.height = stream.height;
  p.sampleAspectRatio = stream.sampleAspectRatio as never;
  p.videoDelay = stream.videoDelay;
  setColorTags(p, stream.color);
  if (stream.extradataBase64 !== null) p.extradata = Buffer.from(stream.extradataBase64, 'base64');
  return p;
}

/** `AVCodecParameters.field_order` can be reached only through the option of a codec context. */
function withFieldOrder(order: FieldOrder): CodecParameters {
  const context = new CodecContext();
  context.allocContext3(null);
  context.codecType = AVMEDIA_TYPE_VIDEO;
  const names: Readonly<Record<FieldOrder, string>> = {
    progressive: 'progressive',
    'top-first': 'tt',
    'bottom-first': 'bb',
  };
  context.setOption('field_order', names[order]);
  const parameters = new CodecParameters();
  parameters.alloc();
  parameters.fromContext(context);
  context.freeContext();
  return parameters;
}
