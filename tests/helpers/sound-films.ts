import type { Packet } from 'node-av/lib';
import type { Rational } from '../../pipeline/time.js';
import { type WrittenTrack, writeTracks } from '../../streams/libav/synthesis/write-tracks.js';
import { cached } from '../fixtures/cache.js';
import { encodedSound, videoTrack } from '../fixtures/tracks.js';

/** A track of sound to be made by FFmpeg's filters. */
export interface SoundRecipe {
  /** A filter chain that begins in a source, as `sine=frequency=440`; it is cut to the film's length. */
  readonly source: string;
  /** Default `aac`. */
  readonly encoder?: 'aac' | 'pcm_s16le' | 'libopus';
  /** Default 48000. */
  readonly sampleRate?: number;
  /** FFmpeg's name. Default `stereo`. */
  readonly layout?: string;
  /** Where the track begins, seconds. Default 0. */
  readonly from?: number;
  /** Packets that cannot be decoded: those between 0.6 and 1.4 s, or all. */
  readonly damage?: 'middle' | 'all';
  readonly disposition?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A small film of moving pictures. */
export interface FilmRecipe {
  readonly fps?: Rational;
  /** Default 50. */
  readonly frames?: number;
  /** When frames are shown, instead of `fps`. */
  readonly timesUs?: readonly number[];
  /** When the first picture is shown, seconds. Default 0. */
  readonly from?: number;
  readonly sounds?: readonly SoundRecipe[];
  /** Default `matroska`. */
  readonly container?: 'matroska' | 'mp4' | 'mpegts';
}

const endings = { matroska: 'mkv', mp4: 'mp4', mpegts: 'ts' } as const;
const formats = { aac: 'fltp', pcm_s16le: 's16', libopus: 's16' } as const;
const frameSamples = { aac: 1024, pcm_s16le: 1024, libopus: 960 } as const;

/** The path of a film that is made on first use. */
export function soundFilm(recipe: FilmRecipe): Promise<string> {
  const { fps = { num: 25, den: 1 }, frames = 50, timesUs, from = 0, sounds = [], container = 'matroska' } = recipe;
  return cached(`sound-film.${endings[container]}`, recipe, (path) => {
    const video = videoTrack({
      chain: `testsrc2=size=96x64:rate=${fps.num}/${fps.den},format=yuv420p`,
      frames,
      fps,
      container,
      encoder: 'libx264',
      options: { preset: 'ultrafast', g: '25' },
      ...(timesUs === undefined ? {} : { timesUs }),
    });
    const seconds = timesUs === undefined ? (frames * fps.den) / fps.num : (timesUs.at(-1) ?? 0) / 1e6;
    const tracks = [startingAt(video, from), ...sounds.map((sound) => soundTrack(sound, seconds, container))];
    writeTracks(path, tracks, { container });
  });
}

function soundTrack(recipe: SoundRecipe, seconds: number, container: string): WrittenTrack {
  const { source, encoder = 'aac', sampleRate = 48_000, layout = 'stereo', from = 0, disposition, metadata } = recipe;
  const format = `aformat=sample_fmts=${formats[encoder]}:sample_rates=${sampleRate}:channel_layouts=${layout}`;
  const chain = `${source},${format},atrim=duration=${seconds},asetnsamples=n=${frameSamples[encoder]}:p=0`;
  const encoded = encodedSound(chain, { encoder, sampleRate, container });
  for (const packet of encoded.packets) {
    const at = Number(packet.pts) / sampleRate;
    if (recipe.damage === 'all' || (recipe.damage === 'middle' && at > 0.6 && at < 1.4)) spoil(packet);
  }
  return {
    ...startingAt(encoded, from),
    ...(disposition === undefined ? {} : { disposition }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function spoil(packet: Packet): void {
  const { pts, dts, duration, flags } = packet;
  packet.data = Buffer.alloc(packet.size, 0x6d);
  Object.assign(packet, { pts, dts, duration, flags });
}

function startingAt<Track extends WrittenTrack>(track: Track, seconds: number): Track {
  const shift = BigInt(Math.round((seconds * track.timeBase.den) / track.timeBase.num));
  for (const packet of track.packets) {
    packet.pts += shift;
    packet.dts += shift;
  }
  return track;
}
