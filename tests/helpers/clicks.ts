import { z } from 'zod';
import type { SoundMaker, SoundOperatorDefinition } from '../../operators/foley/track/sound-operator.js';
import { mapOrdered } from '../../pipeline/frames/map-ordered.js';
import { createGraph, type Graph } from '../../pipeline/graph/graph.js';
import type { AudioFrame, Microseconds, VideoSample } from '../../pipeline/index.js';
import { readSoundTrack } from '../../streams/file/sound-track-reader.js';
import { testOperator } from './operators.js';

const clickOptions = z.strictObject({
  when: z.enum(['silent', 'always', 'replace', 'never']).default('silent'),
  mix: z.enum(['keep', 'duck', 'replace']).default('keep'),
  /** On the stream's timeline, seconds. */
  at: z.array(z.number()).default([]),
});
type ClickOptions = z.infer<typeof clickOptions>;

interface ClickCue {
  readonly kind: 'impact';
  readonly atUs: Microseconds;
  readonly material: string;
}

const CENTRE = 96;
/** A burst of 2 kHz of 4 ms that is loudest in its middle. */
const click = Float32Array.from({ length: 2 * CENTRE + 1 }, (_, i) => {
  const t = (i - CENTRE) / 48_000;
  return 0.5 * Math.exp(-((t / 0.0006) ** 2)) * Math.cos(2 * Math.PI * 2000 * t);
});

/** Attaches `sounds` to the pictures at given times, of which clicks are made: a sound operator without a network. */
export const clicks: SoundOperatorDefinition<ClickOptions> = {
  ...testOperator<ClickOptions>('clicks', {
    options: clickOptions as never,
    provides: ['sounds'],
    keepsPictures: true,
    create:
      ({ when, at }) =>
      ([input]) => [
        (input as never as import('rxjs').Observable<VideoSample>).pipe(
          mapOrdered(async (sample: VideoSample) => (when === 'never' ? sample : attach(sample, at))),
        ),
      ],
  }),
  sound: {
    wish: ({ when, mix }) => ({ when, mix }),
    hears: ['sounds'],
    make: () => Promise.resolve(clickMaker()),
  },
};

function attach(sample: VideoSample, at: readonly number[]): VideoSample {
  const { frame, meta } = sample;
  const sounds = at
    .map((seconds) => Math.round(seconds * 1e6))
    .filter((atUs) => atUs >= frame.ptsUs && atUs < frame.ptsUs + frame.durationUs)
    .map((atUs): ClickCue => ({ kind: 'impact', atUs, material: 'metal' }));
  return { frame, meta: { ...meta, sounds } };
}

function clickMaker(): SoundMaker {
  return {
    hear: ({ meta }, desk) => {
      for (const { atUs } of (meta.sounds ?? []) as readonly ClickCue[]) {
        desk.add({ ptsUs: atUs, sound: click, onsetSample: CENTRE });
      }
    },
    end: () => undefined,
  };
}

/** A graph that clicks at these times, seconds. */
export function clickGraph(at: readonly number[], options: Partial<Omit<ClickOptions, 'at'>> = {}): Graph {
  return createGraph({ nodes: { clicks: { use: clicks as never, with: { ...options, at: [...at] } } } });
}

/** What a player hears of a track, on the file's own timeline. */
export interface HeardSound {
  readonly startUs: Microseconds;
  readonly endUs: Microseconds;
  /** The larger of both channels, at 48 kHz from `startUs` on; where nothing comes it is 0. */
  readonly loudness: Float32Array;
}

/** Decodes a track of a small file. */
export async function hearTrack(path: string, track: number): Promise<HeardSound> {
  const frames: AudioFrame[] = [];
  for await (const frame of readSoundTrack({ path, track, originUs: 0 })) frames.push(frame);
  const startUs = frames[0]?.ptsUs ?? 0;
  const endUs = frames.reduce((end, { ptsUs, durationUs }) => Math.max(end, ptsUs + durationUs), startUs);
  const loudness = new Float32Array(Math.ceil(((endUs - startUs) * 48) / 1000) + 1);
  for (const { channels, ptsUs, samples } of frames) {
    const from = Math.round(((ptsUs - startUs) * 48) / 1000);
    for (let i = 0; i < samples; i++) {
      loudness[from + i] = Math.max(...channels.map((channel) => Math.abs(channel[i] as number)));
    }
  }
  for (const frame of frames) frame.close();
  return { startUs, endUs, loudness };
}

/** When clicks are loudest, microseconds on the file's own timeline. */
export function clickTimes({ startUs, loudness }: HeardSound, threshold = 0.1): readonly Microseconds[] {
  const times: Microseconds[] = [];
  const reach = 2400;
  for (let i = 0; i < loudness.length; i++) {
    const value = loudness[i] as number;
    if (value < threshold) continue;
    const around = loudness.subarray(Math.max(0, i - reach), i + reach);
    if (around.every((other) => other <= value)) {
      times.push(startUs + (i * 1000) / 48);
      i += reach;
    }
  }
  return times;
}
