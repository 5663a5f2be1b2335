import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FEATURES, soundFeatures } from '../../../../operators/foley/bank/features.js';
import type { Sound } from '../../../../operators/foley/bank/sound.js';
import { SoundBank } from '../../../../operators/foley/bank/sound-bank.js';
import type { ImpactCue } from '../../../../operators/foley/cues.js';
import { foleySound } from '../../../../operators/foley/track/foley-sound.js';
import { foleySoundOptions } from '../../../../operators/foley/track/foley-sound-options.js';
import { ImpactSounds } from '../../../../operators/foley/track/impact-sounds.js';
import { SoundCache } from '../../../../operators/foley/track/sound-cache.js';
import { workspace } from '../../../helpers/workspace.js';
import { noise } from '../mix/sounds.js';
import { bed, firstSoundFrom, impact, levelOf, picturesWith, played, SECOND_US, trackOf } from './playing.js';

/** 16 bits, mono, 48 kHz. */
function wav(samples: Float32Array): Buffer {
  const data = Buffer.alloc(2 * samples.length);
  for (const [i, x] of samples.entries()) data.writeInt16LE(Math.round(32_767 * x), 2 * i);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(96_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** A tone that begins at once and lasts for 0.2 s. */
const beep = (hertz: number): Float32Array =>
  Float32Array.from({ length: 9600 }, (_, i) => 0.8 * Math.cos((2 * Math.PI * hertz * i) / 48_000));

/** How much of a sound is at a frequency, beside all of it: 0–1. */
function shareOf(hertz: number, samples: Float32Array): number {
  let [re, im, power] = [0, 0, 0];
  samples.forEach((x, i) => {
    re += x * Math.cos((2 * Math.PI * hertz * i) / 48_000);
    im += x * Math.sin((2 * Math.PI * hertz * i) / 48_000);
    power += x * x;
  });
  return (2 * (re * re + im * im)) / (samples.length * power);
}

describe('sounds of the user', () => {
  const path = workspace();
  const bank = async (): Promise<string> => {
    await mkdir(path('mine'), { recursive: true });
    await writeFile(path('mine/low.wav'), wav(beep(500)));
    await writeFile(path('mine/high.wav'), wav(beep(2000)));
    await writeFile(path('mine/place.wav'), wav(noise(3 * 48_000, 1, 0.5)));
    const sounds = [
      { file: 'low.wav', action: 'strike', material: 'drum' },
      { file: 'high.wav', action: 'strike', material: 'drum' },
      { file: 'place.wav', bed: 'wind' },
    ];
    await writeFile(path('mine/sounds.json'), JSON.stringify({ sounds }));
    return path('mine');
  };
  const make = async (options: Parameters<typeof foleySoundOptions.parse>[0]) =>
    foleySound.make(foleySoundOptions.parse(options), 0);

  it('come before ours where their tags fit, at the sample of the impact, and take turns', async () => {
    const cues = Array.from({ length: 6 }, (_, i) => impact((i + 1) * 0.5 * SECOND_US, { material: 'drum' }));
    const { left } = played(trackOf([await make({ bank: await bank() })]), picturesWith(cues, 4), 4 * SECOND_US);
    const heard = cues.map(({ atUs }) => {
      const at = atUs * 0.048;
      expect(Math.abs(firstSoundFrom({ left, right: left }, at - 4800) - at)).toBeLessThanOrEqual(96);
      const part = left.slice(at, at + 2400);
      // Pitches differ a little from event to event.
      const near = (hertz: number): number =>
        Math.max(...[0.98, 0.99, 1, 1.01, 1.02].map((r) => shareOf(r * hertz, part)));
      return near(500) > near(2000) ? 'low' : 'high';
    });
    for (let i = 1; i < heard.length; i++) expect(heard[i]).not.toBe(heard[i - 1]);
  });

  it('leave to ours what their tags do not fit', async () => {
    const pictures = picturesWith([impact(SECOND_US / 2, { material: 'glass' })], 1);
    const [mine, ours] = await Promise.all([make({ bank: await bank() }), make({})]);
    const [one, other] = [mine, ours].map((maker) => played(trackOf([maker]), pictures, SECOND_US));
    expect(one).toEqual(other);
  });

  it('are heard as places, wide though they have one channel', async () => {
    const maker = await make({ bank: await bank(), ambience: 0 });
    const sound = played(trackOf([maker]), picturesWith([bed(0, 'wind', 1)], 2), 2 * SECOND_US);
    expect(levelOf(sound, SECOND_US, 1_500_000)).toBeGreaterThan(0.01);
    expect(sound.left).not.toEqual(sound.right);
  });

  it('are missed where there are none', async () => {
    await expect(make({ bank: path('nowhere') })).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });
});

describe('options of sound', () => {
  it('have defaults', () => {
    expect(foleySoundOptions.parse({})).toEqual({ when: 'silent', mix: 'keep', ambience: -18, seed: 1 });
    expect(foleySound.wish(foleySoundOptions.parse({ when: 'never', mix: 'duck' }))).toEqual({
      when: 'never',
      mix: 'duck',
    });
  });

  it.each([{ ambience: 20 }, { ambience: 'loud' }, { seed: -1 }, { when: 'sometimes' }, { bank: '' }, { volume: 1 }])(
    'refuse %j',
    (options) => expect(foleySoundOptions.safeParse(options).success).toBe(false),
  );
});

describe('the choice of a sound', () => {
  /** What the bank was asked for, and gave. */
  function choices(cues: readonly ImpactCue[], usesFeatures = true) {
    const asked: Sound[] = [];
    const bank = new SoundBank({ seed: 1 });
    const spied = Object.assign(Object.create(bank) as SoundBank, {
      pick: (request: Parameters<SoundBank['pick']>[0]) => {
        const sound = bank.pick(request);
        asked.push(sound);
        return sound;
      },
    });
    const impacts = new ImpactSounds({ bank: spied, seed: 1, usesFeatures });
    for (const cue of cues) impacts.make(cue);
    return asked;
  }
  const bank = new SoundBank({ seed: 1 });
  const glass = bank.pick({ action: 'strike', material: 'glass', energy: 0.6, seed: 5 });
  const features = [...soundFeatures(glass.render())].map((x) => Math.round(x * 100) / 100);

  it('keeps to a material that is sure, whatever the features are like', () => {
    expect(choices([impact(0, { material: 'drum', materialScore: 0.9, features })])[0]?.tags.material).toBe('drum');
  });

  it('lets features decide where the material is a guess', () => {
    expect(choices([impact(0, { material: 'cloth', materialScore: 0.3, features })])[0]?.tags.material).toBe('glass');
  }, 60_000);

  it('takes the material where no features are told, or there is no time for them', () => {
    const guess = { material: 'cloth', materialScore: 0.1 } as const;
    expect(choices([impact(0, guess)])[0]?.tags.material).toBe('cloth');
    expect(choices([impact(0, { ...guess, features })], false)[0]?.tags.material).toBe('cloth');
  });

  it('makes a sound of features that nothing of the bank is like', () => {
    const strange = Array.from({ length: FEATURES }, (_, i) => (i % 6 === 5 ? 1 : 0));
    expect(choices([impact(0, { materialScore: 0.1, features: strange })])[0]?.tags.source).toBe('features');
  }, 60_000);
});

describe('memory', () => {
  const soundOf = (id: string, samples: number): Sound & { rendered: number } => ({
    id,
    tags: { source: 'own', action: 'strike', material: 'wood' },
    onsetSample: 0,
    features: new Float32Array(FEATURES),
    rendered: 0,
    render() {
      this.rendered++;
      return new Float32Array(samples);
    },
  });

  it('of rendered sounds is bounded; what was not heard for long is rendered anew', () => {
    const cache = new SoundCache(1000);
    const [a, b] = [soundOf('a', 400), soundOf('b', 400)];
    cache.render(a, 1);
    cache.render(b, 1);
    cache.render(a, 1);
    for (let i = 0; i < 3; i++) {
      cache.render(soundOf(`c${i}`, 300), 1);
      cache.render(a, 1);
      expect(cache.samples).toBeLessThanOrEqual(1000);
    }
    cache.render(b, 1);
    expect([a.rendered, b.rendered]).toEqual([1, 2]);
    cache.render(a, 0.5);
    expect(a.rendered).toBe(2);
    cache.render(soundOf('huge', 5000), 1);
    expect(cache.samples).toBe(0);
  });

  it('does not grow over hours of hits: few sounds are made, and heard again', () => {
    let renders = 0;
    const rendered = (): Float32Array => {
      renders++;
      return new Float32Array(4800);
    };
    const bank = Object.assign(Object.create(new SoundBank()) as SoundBank, {
      pick: ({ action, material, energy, seed, avoid }: Parameters<SoundBank['pick']>[0]) => {
        let id = `${action}/${material}/${energy}/${seed}`;
        while (avoid?.has(id)) id = `${id}+`;
        return Object.assign(soundOf(id, 4800), { render: () => rendered() });
      },
    });
    const impacts = new ImpactSounds({ bank, seed: 3, usesFeatures: true });
    let made = 0;
    for (let i = 0; i < 30_000; i++) {
      const energy = 0.3 + 0.4 * ((i * 0.618) % 1);
      if (impacts.make(impact(i * 240_000, { energy, action: i % 3 ? 'step' : 'strike' })) !== undefined) made++;
    }
    expect(made).toBe(30_000);
    expect(renders).toBeLessThan(1000);
  });
});
