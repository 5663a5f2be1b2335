import type { AVPixelFormat } from 'node-av/constants';
import { avcodecFindBestPixFmtOfList, avGetPixFmtFromName, avGetPixFmtName, type Codec } from 'node-av/lib';
import { type PixelFormat, VitascopeError } from '../../pipeline/index.js';
import type { EncoderInput } from '../encoding.js';
import { avPixelFormats } from './pixel-formats.js';

/**
 * The format that an encoder is given: the one asked for, else the pictures' own, else the nearest that it takes.
 *
 * @throws VitascopeError `OPTION_INVALID` when it does not take the one asked for.
 */
export function choosePixelFormat(codec: Codec, input: EncoderInput, wanted: string | undefined): AVPixelFormat {
  const own = avPixelFormats[input.picture.pixelFormat];
  const accepted = codec.pixelFormats ?? [];
  if (wanted !== undefined) {
    const format = avGetPixFmtFromName(wanted);
    if (format < 0 || (accepted.length > 0 && !accepted.includes(format))) {
      throw new VitascopeError(
        'OPTION_INVALID',
        `the encoder ${codec.name} does not take the pixel format "${wanted}"`,
        {
          context: { wanted },
        },
      );
    }
    return format;
  }
  if (codec.name === 'mjpeg' && input.picture.color.range !== 'pc') return fullRangeTwin(input.picture.pixelFormat);
  return accepted.length === 0 || accepted.includes(own) ? own : avcodecFindBestPixFmtOfList(accepted, own);
}

/** JPEG is full range by definition, and FFmpeg's encoder refuses pictures that say they are not. */
function fullRangeTwin(format: PixelFormat): AVPixelFormat {
  return avGetPixFmtFromName(format.replace('10', '').replace('yuv', 'yuvj'));
}

/** The `yuvj…` formats are full range by name. */
export const isFullRange = (format: AVPixelFormat): boolean => avGetPixFmtName(format)?.startsWith('yuvj') ?? false;
