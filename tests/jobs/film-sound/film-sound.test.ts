import { existsSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { AV_DISPOSITION_COMMENT } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { ledger, type Microseconds } from '../../../pipeline/index.js';
import { type Looked, look } from '../../fixtures/look.js';
import { clickGraph, clickTimes, type HeardSound, hearTrack } from '../../helpers/clicks.js';
import { external } from '../../helpers/engines.js';
import { openJob, processFilm, type QuickJob } from '../../helpers/jobs.js';
import { type SoundRecipe, soundFilm } from '../../helpers/sound-films.js';
import { workspace } from '../../helpers/workspace.js';

/** Clicks must be so near to their time in what a player hears. */
const NEAR: Microseconds = 5000;
const tone: SoundRecipe = { source: 'sine=frequency=440' };
const silence: SoundRecipe = { source: 'anullsrc' };

interface Output extends Looked {
  /** On the timeline of the output's pictures, where the first one is as early as in the film. */
  readonly heard: HeardSound;
  readonly clicks: readonly Microseconds[];
}

/** @param firstUs When the first picture was shown in the film, less what the range takes away. */
async function hear(path: string, firstUs: Microseconds = 0, track = 1): Promise<Output> {
  const looked = look(path);
  const shift = (looked.streams[0]?.frames[0]?.timeUs ?? 0) - firstUs;
  const { startUs, endUs, loudness } = await hearTrack(path, track);
  const heard = { startUs: startUs - shift, endUs: endUs - shift, loudness };
  return { ...looked, heard, clicks: clickTimes(heard) };
}

function expectClicks(clicks: readonly Microseconds[], seconds: readonly number[]): void {
  expect(clicks).toHaveLength(seconds.length);
  for (const [i, at] of seconds.entries()) expect(Math.abs((clicks[i] as number) - at * 1e6)).toBeLessThan(NEAR);
}

/** Mean of what is heard between two moments, in seconds. */
function levelBetween({ startUs, loudness }: HeardSound, from: number, to: number): number {
  const [first, last] = [from, to].map((at) => Math.round((at * 1e6 - startUs) * 0.048)) as [number, number];
  return loudness.subarray(first, last).reduce((sum, value) => sum + value, 0) / (last - first);
}

/** What this process holds open, by path, on Linux. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

describe('the sound of a film that has none', () => {
  const path = workspace();
  const at = [0.4, 1.2345];

  it.each([
    ['mp4', 'aac'],
    ['mov', 'aac'],
    ['mkv', 'aac'],
    ['webm', 'opus'],
    ['ts', 'aac'],
  ])('is made for %s as %s, as long as the pictures, to the millisecond', async (ending, codec) => {
    const output = path(`out.${ending}`);
    const options = ending === 'webm' ? { options: { deadline: 'realtime' } } : {};
    const open = ledger.balance;
    const { sound } = await processFilm({ input: await soundFilm({}), output, graph: clickGraph(at), ...options });

    expect(sound).toMatchObject({ made: true, events: 2, beds: 0 });
    const { streams, heard, clicks } = await hear(output);
    expect(streams).toHaveLength(2);
    expect(streams[1]).toMatchObject({ kind: 'audio', codec, sampleRate: 48_000, channels: 2, decodeErrors: 0 });
    expect(streams[1]?.title ?? streams[1]?.metadata.handler_name ?? 'Clicks').toBe('Clicks');
    expectClicks(clicks, at);
    expect(Math.abs(heard.startUs)).toBeLessThan(22_000);
    expect(Math.abs(heard.endUs - 2_000_000)).toBeLessThan(10_000);
    expect(ledger.balance).toBe(open);
    expect(await readdir(path('.'))).toEqual([`out.${ending}`]);
  });

  it.each([
    [15, 1],
    [24_000, 1001],
    [30_000, 1001],
    [50, 1],
  ])('is in time at %i/%i pictures a second', async (num, den) => {
    const frames = Math.round((2 * num) / den);
    const input = await soundFilm({ fps: { num, den }, frames, container: 'mp4' });
    await processFilm({ input, output: path('out.mp4'), graph: clickGraph(at) });

    expectClicks((await hear(path('out.mp4'))).clicks, at);
  });

  it('is in time where pictures are timed unevenly, and in their gaps', async () => {
    const timesUs = [0, 30_000, 90_000, 200_000, 240_000, 1_900_000, 1_933_000, 1_990_000, 2_100_000];
    const input = await soundFilm({ timesUs, frames: timesUs.length, container: 'mp4' });
    await processFilm({ input, output: path('out.mp4'), graph: clickGraph([0.215, 1, 2.05]) });

    expectClicks((await hear(path('out.mp4'))).clicks, [0.215, 1, 2.05]);
  });

  it.each(['mp4', 'mkv', 'ts'])('begins with a first picture that is late, in %s', async (ending) => {
    const input = await soundFilm({ from: 1.4 });
    await processFilm({ input, output: path(`out.${ending}`), graph: clickGraph([1.8, 3]) });

    const { heard, clicks } = await hear(path(`out.${ending}`), 1_400_000);
    expectClicks(clicks, [1.8, 3]);
    expect(Math.abs(heard.startUs - 1_400_000)).toBeLessThan(22_000);
  });

  it('counts from the beginning of a broadcast, whatever its clock said', async () => {
    const input = await soundFilm({ from: 5, container: 'mpegts' });
    await processFilm({ input, output: path('out.mp4'), graph: clickGraph(at) });

    expectClicks((await hear(path('out.mp4'))).clicks, at);
  });

  it('is that of the part that is asked for', async () => {
    const graph = clickGraph([0.4, 1.2345, 1.7]);
    await processFilm({ input: await soundFilm({}), output: path('out.mp4'), graph, fromUs: 800_000, toUs: 1_600_000 });

    const { heard, clicks } = await hear(path('out.mp4'));
    expectClicks(clicks, [0.4345]);
    expect(Math.abs(heard.endUs - 800_000)).toBeLessThan(5000);
  });

  it('is as loud as broadcasters ask, where that is within reach', async () => {
    const graph = clickGraph(Array.from({ length: 36 }, (_, i) => 0.1 + i / 20));
    const { sound } = await processFilm({ input: await soundFilm({}), output: path('out.mp4'), graph });

    expect(sound).toMatchObject({ made: true, lufs: expect.closeTo(-23, 0) });
  });

  it('is left out where nothing is to be heard', async () => {
    const { sound } = await processFilm({ input: await soundFilm({}), output: path('out.mp4'), graph: clickGraph([]) });

    expect(sound).toEqual({ made: false, why: 'nothing-heard', node: 'clicks' });
    expect(look(path('out.mp4')).streams).toHaveLength(1);
  });

  it.each(['out.png', undefined])('is not made for what is no film: %s', async (output) => {
    const input = await soundFilm({ frames: 1 });
    const records = { metadata: path('a.ndjson') };
    const { sound } = await processFilm({ input, output: output && path(output), graph: clickGraph([0]), records });

    expect(sound).toEqual(output === undefined ? undefined : { made: false, why: 'no-film', node: 'clicks' });
    expect(await readFile(path('a.ndjson'), 'utf8')).toContain('"sounds":[{"kind":"impact"');
  });

  it('is not made where it is switched off', async () => {
    const graph = clickGraph([0.4], { when: 'never' });
    const { sound } = await processFilm({ input: await soundFilm({}), output: path('out.mp4'), graph });

    expect(sound).toEqual({ made: false, why: 'never', node: 'clicks' });
    expect(look(path('out.mp4')).streams).toHaveLength(1);
  });

  it.skipIf(external === undefined)("is made with the user's own ffmpeg as well", async () => {
    await processFilm({ input: await soundFilm({}), output: path('out.mp4'), graph: clickGraph(at), engine: external });

    expectClicks((await hear(path('out.mp4'))).clicks, at);
  });
});

describe('the sound of a film that has some', () => {
  const path = workspace();
  const copied = (file: string, track: number) => look(file).streams[track]?.packets.map(({ data }) => data);

  it('is left as it is, and nobody looks for more', async () => {
    const input = await soundFilm({ sounds: [tone] });
    const { sound } = await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.4]) });

    expect(sound).toEqual({ made: false, why: 'has-sound', node: 'clicks' });
    expect(copied(path('out.mkv'), 1)).toEqual(copied(input, 1));
  });

  it('is left as it is although what is to be heard is written down', async () => {
    const input = await soundFilm({ sounds: [tone] });
    const records = { metadata: path('a.ndjson') };
    const { sound } = await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.4]), records });

    expect(sound).toEqual({ made: false, why: 'has-sound', node: 'clicks' });
    expect(await readFile(path('a.ndjson'), 'utf8')).toContain('"atUs":400000');
  });

  it.each([
    ['digital silence', silence],
    [
      'a track that is shorter than anything',
      { source: 'anullsrc', encoder: 'pcm_s16le', sampleRate: 8000, layout: 'mono' },
    ],
  ] as const)('gives way where it is %s', async (_name, track) => {
    const input = await soundFilm({ sounds: [track] });
    const { sound } = await processFilm({ input, output: path('out.mp4'), graph: clickGraph([0.4]) });

    expect(sound).toMatchObject({ made: true });
    const { streams, clicks } = await hear(path('out.mp4'));
    expect(streams).toHaveLength(2);
    expectClicks(clicks, [0.4]);
  });

  it('stays beside the made one where it is a commentary', async () => {
    const input = await soundFilm({ sounds: [{ ...tone, disposition: AV_DISPOSITION_COMMENT }] });
    const { sound } = await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.4]) });

    expect(sound).toMatchObject({ made: true });
    expectClicks((await hear(path('out.mkv'))).clicks, [0.4]);
    expect(copied(path('out.mkv'), 2)).toEqual(copied(input, 1));
  });

  it.each([
    ['44.1 kHz, mono', { sampleRate: 44_100, layout: 'mono' }],
    ['5.1', { layout: '5.1' }],
    ['what MP4 does not hold', { encoder: 'pcm_s16le' }],
  ] as const)('is heard with the made one where that is wanted always: %s', async (_name, shape) => {
    const burst = { source: "aevalsrc='0.4*sin(2000*PI*t)*between(t,1.5,1.52)'", ...shape } as SoundRecipe;
    const named = { ...burst, metadata: { language: 'fra', title: 'Ton' } };
    const input = await soundFilm({ sounds: [named, tone], container: 'matroska' });
    const graph = clickGraph([0.4], { when: 'always' });
    await processFilm({ input, output: path('out.mkv'), graph });

    const { streams, heard, clicks } = await hear(path('out.mkv'));
    expect(streams[1]).toMatchObject({ codec: 'aac', language: 'fra', title: 'Ton' });
    expect(clicks[0]).toBeCloseTo(400_000, -4);
    expect(levelBetween(heard, 1.49, 1.5)).toBeLessThan(0.02);
    expect(levelBetween(heard, 1.5, 1.52)).toBeGreaterThan(0.08);
    expect(levelBetween(heard, 1.53, 1.6)).toBeLessThan(0.01);
    expect(copied(path('out.mkv'), 2)).toEqual(copied(input, 2));
  });

  it.each([
    ['kept', 'keep', 1],
    ['ducked by 9 dB while impacts sound', 'duck', 10 ** (-9 / 20)],
  ] as const)('is %s, and as loud as before elsewhere', async (_, mix, share) => {
    const input = await soundFilm({ sounds: [tone], frames: 125 });
    const graph = clickGraph([1, 3], { when: 'always', mix });
    await processFilm({ input, output: path('out.mkv'), graph });

    const { heard } = await hear(path('out.mkv'));
    const before = await hearTrack(input, 1);
    const change = (from: number, to: number) => levelBetween(heard, from, to) / levelBetween(before, from, to);
    expectClicks(clickTimes(heard, 0.3), [1, 3]);
    for (const at of [1, 3]) expect(change(at + 0.06, at + 0.16) / share).toBeCloseTo(1, 1);
    for (const [from, to] of [
      [0.2, 0.95],
      [2.6, 2.95],
      [4.6, 4.9],
    ] as const)
      expect(change(from, to)).toBeCloseTo(1, 1);
  });

  it('stays where it is, before, between and after the pictures', async () => {
    const late = {
      source: "aevalsrc='0.4*sin(2000*PI*t)*between(t,1.5,1.52)'",
      encoder: 'pcm_s16le',
      from: 0.7,
    } as const;
    const input = await soundFilm({ sounds: [late], frames: 40, from: 0.4 });
    await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.6], { when: 'always' }) });

    const { heard } = await hear(path('out.mkv'), 400_000);
    expect(levelBetween(heard, 2.2, 2.22)).toBeGreaterThan(0.15);
    expect(Math.abs(heard.endUs - 2_300_000)).toBeLessThan(10_000);
  });

  it('is silent where it is damaged, and goes on behind', async () => {
    const input = await soundFilm({ sounds: [{ ...tone, damage: 'middle' }] });
    await processFilm({ input, output: path('out.mp4'), graph: clickGraph([1], { when: 'always' }) });

    const { heard, clicks } = await hear(path('out.mp4'));
    expect(clicks.some((us) => Math.abs(us - 1_000_000) < NEAR)).toBe(true);
    expect(levelBetween(heard, 0.1, 0.5)).toBeGreaterThan(0.05);
    expect(levelBetween(heard, 0.85, 0.95)).toBeLessThan(0.01);
    expect(levelBetween(heard, 1.5, 1.9)).toBeGreaterThan(0.05);
  });

  it('is not taken for silent where none of it can be decoded', async () => {
    const input = await soundFilm({ sounds: [{ ...tone, damage: 'all' }] });
    const { sound } = await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.4]) });

    expect(sound).toEqual({ made: false, why: 'unreadable', node: 'clicks' });
    expect(copied(path('out.mkv'), 1)).toEqual(copied(input, 1));
  });

  it('is cut to the part that is asked for', async () => {
    const input = await soundFilm({ sounds: [tone], frames: 100 });
    const graph = clickGraph([2.5], { when: 'always' });
    await processFilm({ input, output: path('out.mp4'), graph, fromUs: 2_000_000, toUs: 3_000_000 });

    const { heard } = await hear(path('out.mp4'));
    expect(levelBetween(heard, 0.1, 0.9)).toBeGreaterThan(0.05);
    expect(Math.abs(heard.startUs)).toBeLessThan(5000);
    expect(Math.abs(heard.endUs - 1_000_000)).toBeLessThan(5000);
  });

  it('is replaced where that is asked for', async () => {
    const input = await soundFilm({ sounds: [{ ...tone, metadata: { title: 'Ton' } }] });
    await processFilm({ input, output: path('out.mkv'), graph: clickGraph([0.4], { when: 'replace' }) });

    const { streams, heard, clicks } = await hear(path('out.mkv'));
    expect(streams).toHaveLength(2);
    expect(streams[1]?.title).toBe('Clicks');
    expectClicks(clicks, [0.4]);
    expect(levelBetween(heard, 1, 1.9)).toBeLessThan(0.001);
  });
});

describe('the sound of a film job that is interrupted', () => {
  const path = workspace();
  const at = [0.4, 1.2, 2.7, 3.9];
  const job = async (output: string): Promise<QuickJob> => ({
    input: await soundFilm({ frames: 100 }),
    output: path(output),
    graph: clickGraph(at),
    pieceSeconds: 1,
  });

  async function breakOff(
    options: QuickJob,
    when: Parameters<NonNullable<QuickJob['onProgress']>>[0]['phase'],
  ): Promise<void> {
    const broken = await openJob({
      ...options,
      onProgress: ({ phase, frames }) => {
        if (phase === when && frames >= 60) void broken.abort();
      },
    });
    await expect(broken.run()).rejects.toMatchObject({ code: 'ABORTED' });
  }

  it.each(['encoding', 'sound', 'assembling'] as const)(
    'has the bytes of an uninterrupted run: broken off while %s',
    async (when) => {
      await processFilm(await job('whole.mp4'));
      await breakOff(await job('out.mp4'), when);
      expect(await readdir(path('out.mp4.vitascope'))).not.toContain('sound.nut');
      const { resumedFrames } = await processFilm(await job('out.mp4'));

      expect(resumedFrames).toBeGreaterThan(0);
      expect((await readFile(path('out.mp4'))).equals(await readFile(path('whole.mp4')))).toBe(true);
    },
  );

  it('is there in what Ctrl-C leaves, and whole when the job goes on', async () => {
    const stopping = await openJob({
      ...(await job('out.mkv')),
      onProgress: ({ frames }) => {
        if (frames === 60) stopping.stop();
      },
    });
    const stopped = await stopping.run();

    expect(stopped).toMatchObject({ complete: false, sound: { made: true } });
    const partial = await hear(stopped.path);
    const endUs = stopped.frames * 40_000;
    expectClicks(
      partial.clicks,
      at.filter((seconds) => seconds * 1e6 < endUs),
    );
    expect(Math.abs(partial.heard.endUs - endUs)).toBeLessThan(10_000);
    expect(await readdir(path('out.mkv.vitascope'))).not.toContain('sound.nut');

    await processFilm(await job('out.mkv'));
    expectClicks((await hear(path('out.mkv'))).clicks, at);
  });

  it('says where it cannot be written, and keeps the pictures', async () => {
    const options = await job('out.mkv');
    const obstacle = path('out.mkv.vitascope/sound.nut');
    const hindered = await openJob({ ...options, onProgress: ({ frames }) => void (frames === 1 && mkdir(obstacle)) });
    await expect(hindered.run()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    await rm(obstacle, { recursive: true });

    expect(await processFilm(options)).toMatchObject({ resumedFrames: 100, sound: { made: true } });
  });

  it.skipIf(!existsSync('/dev/full')).each([
    ['in its middle', { sounds: [{ source: 'anoisesrc' }] }, { when: 'always' }],
    ['at its end', {}, {}],
  ] as const)(
    'says that the disk is full, %s, keeps the pictures, and is there when there is room',
    async (_, film, wish) => {
      const input = await soundFilm({ ...film, frames: 100 });
      const options: QuickJob = { input, output: path('out.mkv'), graph: clickGraph(at, wish), pieceSeconds: 1 };
      const sound = path('out.mkv.vitascope/sound.nut');
      const balance = ledger.balance;
      const hindered = await openJob({
        ...options,
        onProgress: ({ frames }) => void (frames === 1 && symlinkSync('/dev/full', sound)),
      });
      await expect(hindered.run()).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
      expect(ledger.balance).toBe(balance);
      expect(openFiles()).not.toContain('/dev/full');
      expect(await readdir(path('.'))).toEqual(['out.mkv.vitascope']);
      expect(await readdir(path('out.mkv.vitascope'))).not.toContain('sound.nut');

      expect(await processFilm(options)).toMatchObject({ resumedFrames: 100, sound: { made: true, events: 4 } });
      expect(await readdir(path('.'))).toEqual(['out.mkv']);
    },
  );

  it('is told of as a phase of its own, that comes to its end', async () => {
    const phases: string[] = [];
    const shares: number[] = [];
    await processFilm({
      ...(await job('out.mkv')),
      onProgress: ({ phase, ptsUs }) => {
        if (phases.at(-1) !== phase) phases.push(phase);
        if (phase === 'sound') shares.push(ptsUs / 4_000_000);
      },
    });

    expect(phases).toEqual(['encoding', 'sound', 'assembling']);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.8);
  });
});
