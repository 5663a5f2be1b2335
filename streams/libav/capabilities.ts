import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, getFFmpegInfo } from 'node-av/lib';
import { isHardwareEncoder } from './hardware-encoders.js';

/** What the bundled FFmpeg can do. */
export interface LibavCapabilities {
  /** FFmpeg's version, such as `8.1`. */
  readonly version: string;
  /** Versions of its libraries by name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** The licence that its configuration entails. */
  readonly licence: 'LGPL' | 'GPL' | 'LGPL version 3' | 'GPL version 3' | 'nonfree';
  readonly configuration: string;
  readonly decoders: number;
  readonly videoEncoders: readonly string[];
  readonly audioEncoders: readonly string[];
  /** Encoders that need a device; whether one is there is another question, see {@link tryHardwareEncoders}. */
  readonly hardwareEncoders: readonly string[];
}

/** Asks the bundled FFmpeg what it can do; touches no device. */
export function libavCapabilities(): LibavCapabilities {
  const { version, configuration, libraries } = getFFmpegInfo();
  const codecs = Codec.getCodecList();
  const encoders = codecs.filter((codec) => codec.isEncoder());
  const named = (type: number): string[] => encoders.filter((c) => c.type === type).map((c) => c.name ?? '');
  const video = named(AVMEDIA_TYPE_VIDEO);
  return {
    version,
    libraries,
    licence: licenceOf(configuration),
    configuration,
    decoders: codecs.length - encoders.length,
    videoEncoders: video.filter((name) => !isHardwareEncoder(name)),
    audioEncoders: named(AVMEDIA_TYPE_AUDIO),
    hardwareEncoders: video.filter(isHardwareEncoder),
  };
}

function licenceOf(configuration: string): LibavCapabilities['licence'] {
  const enabled = (name: string): boolean => configuration.split(' ').includes(`--enable-${name}`);
  if (enabled('nonfree')) return 'nonfree';
  const base = enabled('gpl') ? 'GPL' : 'LGPL';
  return enabled('version3') ? `${base} version 3` : base;
}
