import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ffmpegDefinition } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { createGraph, ledger } from '../../pipeline/index.js';
import { look } from '../fixtures/look.js';
import { h264Clip, palInterlacedClip, phoneClip, tenBitClip } from '../fixtures/media.js';
import { clickGraph, clickTimes, hearTrack } from '../helpers/clicks.js';
import { filterGraph, openJob, processFilm, type QuickJob } from '../helpers/jobs.js';
import { oneWalker, walkersDefinition } from '../helpers/moving-people.js';
import { soundFilm } from '../helpers/sound-films.js';
import { workspace } from '../helpers/workspace.js';

/** Without the fast encoder that tests ask for. */
const noEncoder = { preset: undefined } as const;

/** What is seen, and when after the first picture. */
function pictures(path: string) {
  const frames = look(path).streams[0]?.frames ?? [];
  return frames.map(({ timeUs, luma }) => ({ ms: Math.round((timeUs - (frames[0]?.timeUs ?? 0)) / 1000), luma }));
}

function expectSamePictures(actual: string, expected: string): void {
  const [seen, wanted] = [pictures(actual), pictures(expected)];
  expect(seen.map(({ ms }) => ms)).toEqual(wanted.map(({ ms }) => ms));
  expect(seen.every(({ luma }, i) => luma.equals(wanted[i]?.luma as Buffer))).toBe(true);
}

/** When clicks are heard after the first picture. */
async function clicksOf(path: string, track = 1): Promise<readonly number[]> {
  const firstUs = look(path).streams[0]?.frames[0]?.timeUs ?? 0;
  return clickTimes(await hearTrack(path, track)).map((us) => us - firstUs);
}

describe('the pictures of a film of which only sound is made', () => {
  const path = workspace();
  const at = [0.4, 1.2345];

  it.each([
    ['mp4', 'mkv'],
    ['mkv', 'mp4'],
    ['ts', 'mp4'],
    ['mp4', 'ts'],
    ['mp4', 'mov'],
  ] as const)('are copied, with the sound in step: %s to %s', async (from, to) => {
    const input = await h264Clip({ container: from });
    const output = path(`out.${to}`);
    const open = ledger.balance;
    const { sound, frames } = await processFilm({ input, output, graph: clickGraph(at), ...noEncoder });

    expect(sound).toMatchObject({ made: true, events: 2 });
    expect(frames).toBe(48);
    expectSamePictures(output, input);
    const times = await clicksOf(output);
    expect(times).toHaveLength(2);
    for (const [i, us] of times.entries()) expect(Math.abs(us - (at[i] as number) * 1e6)).toBeLessThan(5000);
    expect(ledger.balance).toBe(open);
    expect(await readdir(path('.'))).toEqual([`out.${to}`]);
  });

  it.each([
    ['begin late', { from: 1.4 }, 'mp4', 1.4],
    ['begin late', { from: 1.4 }, 'ts', 1.4],
    ['are of a broadcast, whatever its clock says', { from: 5, container: 'mpegts' }, 'mp4', 0],
  ] as const)('are copied, with the sound in step, where they %s', async (_, film, ending, fromSeconds) => {
    const input = await soundFilm(film);
    const graph = clickGraph(at.map((seconds) => seconds + fromSeconds));
    await processFilm({ input, output: path(`out.${ending}`), graph, ...noEncoder });

    expectSamePictures(path(`out.${ending}`), input);
    const times = await clicksOf(path(`out.${ending}`));
    expect(times.map((us) => Math.round(us / 20_000))).toEqual(at.map((seconds) => Math.round(seconds * 50)));
  });

  it('are copied as VP9', async () => {
    const [input, output] = [path('in.webm'), path('out.webm')];
    await processFilm({ input: await soundFilm({}), output: input, options: { deadline: 'realtime' } });
    await processFilm({ input, output, graph: clickGraph(at), ...noEncoder });

    const [own, copied] = [input, output].map((file) => look(file).streams[0]?.packets.map(({ data }) => data));
    expect(copied).toEqual(own);
    expect(await clicksOf(output)).toHaveLength(2);
  });

  it('stay turned and unevenly timed', async () => {
    const input = await phoneClip();
    const graph = clickGraph([0.5], { when: 'always' });
    await processFilm({ input, output: path('out.mp4'), graph, ...noEncoder });

    expectSamePictures(path('out.mp4'), input);
    const [turned, before] = [path('out.mp4'), input].map((file) => look(file).streams[0]?.displayMatrix);
    expect(turned).toEqual(before);
  });

  it('are copied where the film keeps its sound, and are not even looked at', async () => {
    const input = await soundFilm({ sounds: [{ source: 'sine=frequency=440' }] });
    const result = await processFilm({ input, output: path('out.mkv'), graph: clickGraph(at), ...noEncoder });

    expect(result).toMatchObject({ sound: { made: false, why: 'has-sound' }, frames: 0 });
    const packets = (file: string) => look(file).streams.map((stream) => stream.packets.map(({ data }) => data));
    expect(packets(path('out.mkv'))).toEqual(packets(input));
  });

  it('are copied beside what is written down', async () => {
    const records = { metadata: path('a.ndjson') };
    const input = await soundFilm({});
    const { frames } = await processFilm({
      input,
      output: path('out.mkv'),
      graph: clickGraph(at),
      records,
      ...noEncoder,
    });

    expect(frames).toBe(50);
    expectSamePictures(path('out.mkv'), input);
    expect((await readFile(path('a.ndjson'), 'utf8')).trimEnd().split('\n')).toHaveLength(51);
  });

  it('are copied where a graph only looks at them, whatever for', async () => {
    const [input, output] = [await soundFilm({}), path('out.mkv')];
    const graph = createGraph({ nodes: { people: { use: walkersDefinition(oneWalker) } } });
    const records = { metadata: path('a.ndjson') };
    const { frames } = await processFilm({ input, output, graph, records, ...noEncoder });

    expect(frames).toBe(50);
    expectSamePictures(output, input);
    expect(await readFile(path('a.ndjson'), 'utf8')).toContain('"poses":[{');
  });

  it('are encoded where one node looks and another one changes them', async () => {
    const [input, output] = [await soundFilm({}), path('out.mkv')];
    const nodes = {
      negative: { use: ffmpegDefinition, with: { chain: 'negate' } },
      people: { use: walkersDefinition(oneWalker), from: 'negative' },
    };
    await processFilm({ input, output, graph: createGraph({ nodes }), ...noEncoder });

    const [own, negative] = [input, output].map((file) => look(file).streams[0]?.frames[0]?.luma[0] ?? 0) as [
      number,
      number,
    ];
    expect(Math.abs(own + negative - 251)).toBeLessThan(20);
  });

  /** Of a broadcast that begins anew. */
  async function twice(): Promise<string> {
    const once = await readFile(await h264Clip({ container: 'ts' }));
    await writeFile(path('twice.ts'), Buffer.concat([once, once]));
    return path('twice.ts');
  }

  const shortJob = { graph: clickGraph([]), ...noEncoder };
  it.each<[string, string, Partial<QuickJob>, () => Promise<string>]>([
    ['where an encoder is asked for', 'mkv', { crf: 30, preset: 'ultrafast' }, () => soundFilm({})],
    ['where a part is asked for', 'mkv', { fromUs: 500_000 }, () => soundFilm({})],
    ['where another node changes them', 'mkv', { graph: filterGraph('negate') }, () => soundFilm({})],
    ['where players would not know them', 'mp4', {}, () => tenBitClip('ffv1')],
    ['where the container leaves times out', 'mkv', {}, () => palInterlacedClip('mpg')],
    ['where their times jump back', 'mkv', {}, twice],
  ])('are encoded %s', async (_, ending, options, input) => {
    const film = await input();
    await processFilm({ input: film, output: path(`out.${ending}`), ...shortJob, ...options });

    const [own, copied] = [film, path(`out.${ending}`)].map(
      (file) => new Set(look(file).streams[0]?.packets.map(({ data }) => data)),
    );
    expect([...(copied ?? [])].filter((data) => own?.has(data))).toEqual([]);
  });

  describe('when the job is interrupted', () => {
    const times = [0.4, 1.2, 2.7, 3.9];
    const job = async (name: string): Promise<QuickJob> => ({
      input: await soundFilm({ frames: 100 }),
      output: path(name),
      graph: clickGraph(times),
      pieceSeconds: 1,
      ...noEncoder,
    });

    it.each(['encoding', 'sound', 'assembling'] as const)(
      'are in a film with the bytes of an uninterrupted run: broken off while %s',
      async (when) => {
        await processFilm(await job('whole.mp4'));
        const broken = await openJob({
          ...(await job('out.mp4')),
          onProgress: ({ phase, frames }) => {
            if (phase === when && frames >= 60) void broken.abort();
          },
        });
        await expect(broken.run()).rejects.toMatchObject({ code: 'ABORTED' });
        expect((await readdir(path('out.mp4.vitascope'))).filter((name) => name.endsWith('.nut'))).toEqual([]);
        const { resumedFrames } = await processFilm(await job('out.mp4'));

        expect(resumedFrames).toBeGreaterThan(0);
        expect((await readFile(path('out.mp4'))).equals(await readFile(path('whole.mp4')))).toBe(true);
      },
    );

    it('are there as far as they were looked at', async () => {
      const stopping = await openJob({
        ...(await job('out.mkv')),
        onProgress: ({ frames }) => {
          if (frames === 60) stopping.stop();
        },
      });
      const { path: partial, complete, frames } = await stopping.run();

      expect(complete).toBe(false);
      expect(pictures(partial)).toHaveLength(frames);
      const wanted = times.filter((seconds) => seconds < frames / 25);
      expect((await clicksOf(partial)).map((us) => Math.round(us / 20_000))).toEqual(wanted.map((s) => s * 50));
      expect(await processFilm(await job('out.mkv'))).toMatchObject({ complete: true, frames: 100 });
      expect(await readdir(path('.'))).toEqual(['out.mkv']);
    });

    it('do not go on from those that were encoded', async () => {
      const encoded = await openJob({
        ...(await job('out.mkv')),
        crf: 30,
        onProgress: ({ frames }) => {
          if (frames === 60) void encoded.abort();
        },
      });
      await expect(encoded.run()).rejects.toMatchObject({ code: 'ABORTED' });
      await expect(openJob(await job('out.mkv'))).rejects.toMatchObject({ code: 'RESUME_MISMATCH' });
    });
  });
});
