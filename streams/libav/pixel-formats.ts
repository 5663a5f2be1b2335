import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
  type AVPixelFormat,
} from 'node-av/constants';
import type { PixelFormat } from '../../pipeline/index.js';

export const avPixelFormats: Readonly<Record<PixelFormat, AVPixelFormat>> = {
  yuv420p: AV_PIX_FMT_YUV420P,
  yuv422p: AV_PIX_FMT_YUV422P,
  yuv444p: AV_PIX_FMT_YUV444P,
  yuv420p10: AV_PIX_FMT_YUV420P10LE,
  yuv422p10: AV_PIX_FMT_YUV422P10LE,
  yuv444p10: AV_PIX_FMT_YUV444P10LE,
};

/**
 * How a decoder's pixel format becomes one of the pipeline's:
 * `copy` = same planes; `gray` = luma is copied and chroma set to neutral; `convert` = through swscale.
 */
export interface Intake {
  readonly pixelFormat: PixelFormat;
  readonly how: 'copy' | 'gray' | 'convert';
  /** For `convert`: FFmpeg's name of the format that swscale is asked for. */
  readonly via: string;
  /** The name itself says full range (the `yuvj…` formats). */
  readonly fullRange: boolean;
  readonly isRgb: boolean;
}

const direct = /^yuvj?(420|422|444)p(10le)?$/;

/**
 * Chooses the pipeline format that keeps most of a decoder's: never fewer luma bits up to 10, never less chroma.
 *
 * @param name FFmpeg's pixel format name, e.g. `nv12`, `gray`, `rgb24`, `yuv420p12le`.
 */
export function intakeOf(name: string): Intake {
  const match = direct.exec(name);
  if (match) {
    const pixelFormat = `yuv${match[1]}p${match[2] ? '10' : ''}` as PixelFormat;
    return { pixelFormat, how: 'copy', via: name, fullRange: name.startsWith('yuvj'), isRgb: false };
  }
  const deep = bitsOf(name) > 8;
  if (/^(gray|y400|mono)/.test(name)) {
    const via = deep ? 'gray10le' : 'gray';
    const how = name === via ? 'gray' : 'convert';
    return { pixelFormat: deep ? 'yuv420p10' : 'yuv420p', how, via, fullRange: false, isRgb: false };
  }
  const isRgb = /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8|x2rgb|x2bgr|bayer|xyz)/.test(name);
  const pixelFormat = `yuv${isRgb ? '444' : chromaOf(name)}p${deep ? '10' : ''}` as PixelFormat;
  return { pixelFormat, how: 'convert', via: deep ? `${pixelFormat}le` : pixelFormat, fullRange: false, isRgb };
}

function bitsOf(name: string): number {
  if (/^(p010|p210|p410|x2rgb10|x2bgr10|y210|xv30)/.test(name)) return 10;
  if (
    /(9|10|12|14|16)(le|be)$/.test(name) ||
    /^(p012|p016|p212|p216|p412|p416|y212|xv36|rgb48|bgr48|rgba64|bgra64|grayf|gbrpf|gbrapf)/.test(name)
  ) {
    return 16;
  }
  return 8;
}

function chromaOf(name: string): '420' | '422' | '444' {
  if (/444|440|^(nv24|nv42|ayuv|vuy[ax]|p41|xv3)/.test(name)) return '444';
  if (/422|411|^(yuyv|uyvy|yvyu|nv16|nv20|p21|y21|uyyvyy)/.test(name)) return '422';
  return '420';
}
