import { extname } from 'node:path';
import { VitascopeError } from '../../pipeline/index.js';
import type { StereoCodec } from '../libav/stereo-encoder.js';

/** A container Vitascope writes, chosen by the extension of the output. */
export interface Container {
  /** FFmpeg's muxer name. */
  readonly muxer: string;
  readonly extensions: readonly string[];
  /** Encoder used when none is named, with its options. */
  readonly videoCodec: string;
  readonly videoOptions: Readonly<Record<string, string>>;
  /** Encoder of sound that is made; nothing where there is no sound. */
  readonly soundCodec: StereoCodec | undefined;
  /** FFmpeg names of codecs whose packets are copied when nothing changes the pictures; others are encoded anew, since players may not know them here. */
  readonly video: readonly string[];
  /** FFmpeg codec names it can hold by copying; `any` = whatever the muxer accepts. */
  readonly audio: readonly string[] | 'any';
  readonly subtitles: readonly string[] | 'any';
  readonly attachments: boolean;
  /** Only pictures: one file, or one a frame with a pattern. */
  readonly image: boolean;
  readonly muxerOptions: Readonly<Record<string, string>>;
}

const x264 = { videoCodec: 'libx264', videoOptions: { crf: '18', preset: 'medium' } } as const;
const still = {
  soundCodec: undefined,
  video: [],
  audio: [],
  subtitles: [],
  attachments: false,
  image: true,
  muxerOptions: {},
} as const;

export const containers: readonly Container[] = [
  {
    muxer: 'matroska',
    extensions: ['.mkv'],
    ...x264,
    soundCodec: 'aac',
    video: ['h264', 'hevc', 'av1', 'vp8', 'vp9', 'mpeg1video', 'mpeg2video', 'ffv1', 'theora'],
    audio: 'any',
    subtitles: [
      'subrip',
      'ass',
      'ssa',
      'webvtt',
      'hdmv_pgs_subtitle',
      'dvd_subtitle',
      'dvb_subtitle',
      'text',
      'hdmv_text_subtitle',
    ],
    attachments: true,
    image: false,
    muxerOptions: {},
  },
  {
    muxer: 'mp4',
    extensions: ['.mp4', '.m4v'],
    ...x264,
    soundCodec: 'aac',
    video: ['h264', 'av1', 'vp9'],
    audio: [
      'aac',
      'mp3',
      'mp2',
      'ac3',
      'eac3',
      'alac',
      'flac',
      'opus',
      'vorbis',
      'dts',
      'truehd',
      'pcm_s16le',
      'pcm_s16be',
      'pcm_s24le',
      'pcm_s24be',
      'pcm_s32le',
      'pcm_s32be',
      'pcm_f32le',
      'pcm_f32be',
      'mp1',
    ],
    subtitles: ['mov_text', 'dvd_subtitle'],
    attachments: false,
    image: false,
    muxerOptions: {},
  },
  {
    muxer: 'mov',
    extensions: ['.mov'],
    ...x264,
    soundCodec: 'aac',
    video: ['h264'],
    audio: [
      'aac',
      'mp3',
      'mp2',
      'ac3',
      'eac3',
      'alac',
      'pcm_s16le',
      'pcm_s16be',
      'pcm_s24le',
      'pcm_s24be',
      'pcm_s32le',
      'pcm_s32be',
      'pcm_f32le',
      'pcm_f32be',
      'pcm_f64le',
      'pcm_u8',
      'pcm_s8',
      'pcm_alaw',
      'pcm_mulaw',
      'adpcm_ima_qt',
      'qdm2',
      'amr_nb',
    ],
    subtitles: ['mov_text'],
    attachments: false,
    image: false,
    muxerOptions: {},
  },
  {
    muxer: 'webm',
    extensions: ['.webm'],
    videoCodec: 'libvpx-vp9',
    videoOptions: { crf: '28', b: '0', 'row-mt': '1', 'cpu-used': '4' },
    soundCodec: 'libopus',
    video: ['vp8', 'vp9', 'av1'],
    audio: ['opus', 'vorbis'],
    subtitles: ['webvtt'],
    attachments: false,
    image: false,
    muxerOptions: {},
  },
  {
    muxer: 'mpegts',
    extensions: ['.ts', '.m2ts', '.mts'],
    ...x264,
    soundCodec: 'aac',
    video: ['h264', 'hevc', 'mpeg2video'],
    audio: ['aac', 'mp3', 'mp2', 'mp1', 'ac3', 'eac3', 'dts', 'opus', 'truehd'],
    subtitles: ['dvb_subtitle', 'dvb_teletext'],
    attachments: false,
    image: false,
    muxerOptions: {},
  },
  { muxer: 'image2', extensions: ['.png'], videoCodec: 'png', videoOptions: {}, ...still },
  {
    muxer: 'image2',
    extensions: ['.jpg', '.jpeg'],
    videoCodec: 'mjpeg',
    videoOptions: { q: '2', flags: '+qscale' },
    ...still,
  },
];

/** @throws VitascopeError `CONTAINER_UNKNOWN` naming the extensions that are known. */
export function containerOf(path: string): Container {
  const extension = extname(path).toLowerCase();
  const container = containers.find((c) => c.extensions.includes(extension));
  if (container !== undefined) return container;
  const known = containers.flatMap((c) => c.extensions).join(' ');
  throw new VitascopeError(
    'CONTAINER_UNKNOWN',
    `${path}: the extension of the output must be one of ${known}, got "${extension}"`,
    {
      context: { path, extension },
    },
  );
}
