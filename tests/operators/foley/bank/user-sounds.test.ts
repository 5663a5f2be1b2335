import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bankSheet } from '../../../../operators/foley/bank/bank-sheet.js';
import { meanLoudness } from '../../../../operators/foley/bank/loudness.js';
import { SoundBank } from '../../../../operators/foley/bank/sound-bank.js';
import { readUserSounds } from '../../../../operators/foley/bank/user/user-sounds.js';
import { filterFrames } from '../../../../streams/libav/synthesis/filter-source.js';
import { TrackEncoder } from '../../../../streams/libav/synthesis/track-encoder.js';
import { wantsGlobalHeader, writeTracks } from '../../../../streams/libav/synthesis/write-tracks.js';
import { workspace } from '../../../helpers/workspace.js';

interface Written {
  readonly encoder?: string;
  readonly container?: string;
  readonly rate?: number;
  readonly channels?: number;
  readonly format?: string;
  readonly seconds?: number;
  /** Samples of a frame: what the encoder takes. */
  readonly frame?: number;
  /** Of one channel, an expression of FFmpeg's `aevalsrc`. */
  readonly wave?: string;
}

/** A knock of 1 kHz at 0.3 s. */
const KNOCK = '0.7*sin(6283*t)*exp(-60*(t-0.3))*gte(t\\,0.3)';

function writeSound(path: string, written: Written = {}): void {
  const { encoder = 'pcm_s16le', container = 'wav', rate = 48_000, channels = 1, format = 's16' } = written;
  const { seconds = 0.8, wave = KNOCK, frame = 1024 } = written;
  const chain =
    `aevalsrc=exprs=${Array(channels).fill(wave).join('|')}:sample_rate=${rate}:duration=${seconds},` +
    `aformat=sample_fmts=${format},asetnsamples=n=${frame}:p=0`;
  const track = new TrackEncoder({
    encoder,
    timeBase: { num: 1, den: rate },
    globalHeader: wantsGlobalHeader(container),
  });
  let samples = 0;
  for (const frame of filterFrames(chain, 'audio', Number.POSITIVE_INFINITY)) {
    frame.pts = BigInt(samples);
    samples += frame.nbSamples;
    track.push(frame);
  }
  writeTracks(path, [track.finish()], { container });
}

describe('readUserSounds', () => {
  const path = workspace();
  const folder = async (sounds: unknown): Promise<string> => {
    await mkdir(path('mine'), { recursive: true });
    await writeFile(path('mine/sounds.json'), typeof sounds === 'string' ? sounds : JSON.stringify({ sounds }));
    return path('mine');
  };
  const knock = { file: 'knock.wav', action: 'strike', material: 'wood' };
  const refusal = async (sounds: unknown): Promise<{ code: string; message: string; context: { key?: string } }> =>
    readUserSounds(await folder(sounds)).then(
      () => expect.fail('was not refused'),
      (error: { code: string; message: string; context: { key?: string } }) => error,
    );

  for (const [what, file, written] of [
    ['WAV', 'a.wav', {}],
    ['float WAV, stereo, at 44.1 kHz', 'a.wav', { encoder: 'pcm_f32le', format: 'flt', rate: 44_100, channels: 2 }],
    ['WAV at 11.025 kHz', 'a.wav', { rate: 11_025 }],
    ['FLAC at 96 kHz', 'a.flac', { encoder: 'flac', container: 'flac', rate: 96_000, frame: 8192 }],
    ['OGG', 'a.ogg', { encoder: 'libvorbis', container: 'ogg', format: 'fltp', channels: 2, frame: 64 }],
  ] as const) {
    it(`reads ${what} and finds the event`, async () => {
      const mine = await folder([{ ...knock, file }]);
      writeSound(path(`mine/${file}`), written);
      const bank = new SoundBank({ users: await readUserSounds(mine) });
      const sound = bank.pick({ action: 'strike', material: 'wood', energy: 1, seed: 1 });
      expect(sound.tags).toEqual({ source: 'user', action: 'strike', material: 'wood' });
      const samples = sound.render();
      const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(peak).toBeGreaterThan(0.85);
      expect(peak).toBeLessThanOrEqual(1);
      // The wait before the knock is cut; it begins where the sound says.
      expect(sound.onsetSample).toBeLessThan(0.01 * 48_000);
      const heard = samples.findIndex((x) => Math.abs(x) > 0.3);
      expect(Math.abs(heard - sound.onsetSample)).toBeLessThan(0.003 * 48_000);
      expect(samples.length / 48_000).toBeCloseTo(0.5, 1);
    });
  }

  it('lets theirs win where the tags fit, and ours be heard elsewhere', async () => {
    const mine = await folder([knock]);
    writeSound(path('mine/knock.wav'));
    const bank = new SoundBank({ users: await readUserSounds(mine) });
    const source = (action: 'strike' | 'step', material: 'wood' | 'glass'): string =>
      bank.pick({ action, material, energy: 0.5, seed: 1 }).tags.source;
    expect([source('strike', 'wood'), source('strike', 'glass'), source('step', 'wood')]).toEqual([
      'user',
      'own',
      'own',
    ]);
    expect(bank.kinds.filter(({ users }) => users > 0)).toHaveLength(1);
  });

  it('takes turns among those that fit, and chooses by energy', async () => {
    const files = ['a.wav', 'b.wav', 'c.wav'];
    const mine = await folder(files.map((file, i) => ({ ...knock, file, energy: i / 2 })));
    for (const file of files) writeSound(path(`mine/${file}`));
    const users = await readUserSounds(mine);
    const request = { action: 'strike', material: 'wood', seed: 4 } as const;
    expect(users.pick({ ...request, energy: 0 })?.id).toBe('user:a.wav');
    expect(users.pick({ ...request, energy: 1 })?.id).toBe('user:c.wav');
    const avoid = new Set(['user:c.wav']);
    expect(users.pick({ ...request, energy: 1, avoid })?.id).toBe('user:b.wav');
    expect(users.pick({ ...request, energy: 1, avoid: new Set(files.map((f) => `user:${f}`)) })?.id).toBe('user:c.wav');
  });

  it('loops a bed without end and without seam, at the loudness of beds', async () => {
    const mine = await folder([{ file: 'hum.wav', bed: 'room' }]);
    writeSound(path('mine/hum.wav'), { seconds: 4, wave: '0.2*(random(0)-0.5)' });
    const bank = new SoundBank({ users: await readUserSounds(mine) });
    const bed = bank.bed('room', 1);
    const seconds = Array.from({ length: 30 }, () => bed.render(48_000));
    const loud = seconds.map(meanLoudness);
    expect(Math.max(...loud) - Math.min(...loud)).toBeLessThan(2);
    expect(Math.abs((loud[9] as number) + 23)).toBeLessThan(1.5);
    const again = new SoundBank({ users: await readUserSounds(mine) }).bed('room', 1);
    expect(again.render(48_000)).toEqual(seconds[0]);
  });

  it('cuts what is too long, and says so', async () => {
    const mine = await folder([knock]);
    writeSound(path('mine/knock.wav'), { seconds: 12, rate: 8000, wave: '0.5*sin(3000*t)' });
    const users = await readUserSounds(mine);
    expect(users.notes).toEqual([{ file: 'knock.wav', note: 'cut to 10 s' }]);
    const samples = users.events[0]?.render() as Float32Array;
    expect(samples.length).toBe(480_000);
    expect(Math.abs(samples.at(-1) as number)).toBeLessThan(1e-3);
  });

  it('shows them in the sheet', async () => {
    const mine = await folder([knock, { file: 'knock.wav', action: ['drop', 'step'] }]);
    writeSound(path('mine/knock.wav'));
    const theirs = [...bankSheet(await readUserSounds(mine))].filter(({ source }) => source === 'user');
    expect(theirs.map(({ kind, material }) => [kind, material])).toEqual([
      ['strike', 'wood'],
      ['drop', undefined],
    ]);
  });

  it('refuses a folder without a list', async () => {
    await expect(readUserSounds(path('none'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });

  it('refuses a list that is no JSON, or has nothing in it', async () => {
    expect(await refusal('{')).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await refusal([])).toMatchObject({ code: 'OPTION_INVALID' });
  });

  for (const [what, entry, key] of [
    ['an unknown material', { ...knock, material: 'wod' }, 'sounds[0].material'],
    ['an unknown key', { ...knock, loud: 1 }, 'loud'],
    ['no action', { file: 'knock.wav' }, 'sounds[0].action'],
    ['an energy above 1', { ...knock, energy: 3 }, 'sounds[0].energy'],
    ['an unknown bed', { file: 'knock.wav', bed: 'sea' }, 'sounds[0].bed'],
    ['a path that leads out of the folder', { ...knock, file: '../knock.wav' }, 'sounds[0].file'],
    ['an absolute path', { ...knock, file: '/etc/passwd' }, 'sounds[0].file'],
  ] as const) {
    it(`refuses ${what}, naming the key`, async () => {
      const { code, message } = await refusal([entry]);
      expect(code).toBe('OPTION_INVALID');
      expect(message).toContain('sounds.json');
      expect(message).toContain(key);
    });
  }

  it('refuses a file that is missing', async () => {
    const { code, message, context } = await refusal([knock]);
    expect([code, context.key]).toEqual(['INPUT_NOT_FOUND', 'sounds[0].file']);
    expect(message).toContain('knock.wav');
  });

  it('refuses a file that is no sound', async () => {
    await folder([knock]);
    await writeFile(path('mine/knock.wav'), 'hello, this is no sound at all');
    expect(await refusal([knock])).toMatchObject({ code: 'INPUT_UNREADABLE', context: { key: 'sounds[0].file' } });
  });

  it('refuses silence, beds that are too short, and onsets after the end', async () => {
    await folder([knock]);
    writeSound(path('mine/knock.wav'), { wave: '0' });
    expect(await refusal([knock])).toMatchObject({ code: 'INPUT_EMPTY', context: { key: 'sounds[0].file' } });
    writeSound(path('mine/knock.wav'));
    expect(await refusal([{ file: 'knock.wav', bed: 'fire' }])).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await refusal([{ ...knock, onset: 5 }])).toMatchObject({ context: { key: 'sounds[0].onset' } });
  });
});
