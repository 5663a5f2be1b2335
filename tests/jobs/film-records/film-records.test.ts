import { access, type FileHandle, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { FilmRecordsOptions } from '../../../jobs/film-records/record-plan.js';
import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import { ffmpegDefinition } from '../../../operators/ffmpeg/ffmpeg-filter.js';
import { createGraph, type Graph, ledger } from '../../../pipeline/index.js';
import { probe } from '../../../streams/libav/probe.js';
import { rootPath } from '../../docs/pages.js';
import { look } from '../../fixtures/look.js';
import { h264Clip, phoneClip } from '../../fixtures/media.js';
import { openJob, processFilm, type QuickJob } from '../../helpers/jobs.js';
import { oneWalker, type Walker, walkersDefinition } from '../../helpers/moving-people.js';
import { workspace } from '../../helpers/workspace.js';

interface Pose {
  readonly id: number;
  readonly box: readonly number[];
  readonly keypoints: readonly (readonly number[])[];
}
interface Line {
  readonly frame: number;
  readonly ptsUs: number;
  readonly poses: readonly Pose[];
  readonly poseEvents: readonly { readonly id: number }[];
  readonly people: unknown;
}

vi.setConfig({ testTimeout: 120_000 });

const FRAME_US = 1e6 / 24;
const walkers: readonly Walker[] = [
  ...oneWalker,
  { fromUs: 20 * FRAME_US, untilUs: 40 * FRAME_US, top: 0 },
  { fromUs: 70 * FRAME_US, untilUs: Number.POSITIVE_INFINITY, top: 0.6 },
];
const walkersGraph = (people = walkers): Graph => createGraph({ nodes: { pose: { use: walkersDefinition(people) } } });

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function sizeOf(file: string): Promise<{ width: number; height: number }> {
  const { width = 0, height = 0 } = (await probe(file)).video ?? {};
  return { width, height };
}

async function linesOf(path: string): Promise<{ header: Record<string, unknown>; frames: Line[] }> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const [header, ...frames] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return { header: header as unknown as Record<string, unknown>, frames };
}

/** Runs a job until a number of frames is done and then breaks it off, as a crash would but for the lock. */
async function breakOff(options: QuickJob, afterFrames: number): Promise<void> {
  const job = await openJob({
    ...options,
    onProgress: ({ frames }) => {
      if (frames === afterFrames) void job.abort();
    },
  });
  await expect(job.run()).rejects.toMatchObject({ code: 'ABORTED' });
}

describe('metadata of a film', () => {
  const path = workspace();
  const clip = () => h264Clip({ frames: 120, container: 'mkv', audio: true });

  it('has a header and then a line for each frame, in order, as the published schema wants it', async () => {
    const balance = ledger.balance;
    const input = await clip();
    const result = await processFilm({
      input,
      output: path('out.mkv'),
      graph: walkersGraph(),
      records: { metadata: path('dance.ndjson') },
    });

    expect(result).toMatchObject({ complete: true, records: [{ form: 'metadata', path: path('dance.ndjson') }] });
    const { header, frames } = await linesOf(path('dance.ndjson'));
    const { width, height } = await sizeOf(input);
    expect(header).toEqual({ schema: 'vitascope-metadata-1', width, height, timeBase: 'us', keypoints: [...coco17] });
    expect(frames.map(({ frame }) => frame)).toEqual(Array.from({ length: 120 }, (_, i) => i));
    expect(frames.map(({ ptsUs }) => ptsUs)).toEqual(look(path('out.mkv')).streams[0]?.frames.map((f) => f.timeUs));
    expect(frames[30]?.poses.map(({ id }) => id)).toEqual([1, 2]);
    const text = await readFile(rootPath('docs/schemas/metadata-1.json'), 'utf8');
    const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
    for (const line of [header, ...frames]) expect(schema.safeParse(line).error).toBeUndefined();
    expect(ledger.balance).toBe(balance);
    expect(await readdir(path('.'))).toEqual(['dance.ndjson', 'out.mkv']);
  });

  it('is that of the chosen range, with times of the film', async () => {
    const records = { metadata: path('dance.ndjson') };
    await processFilm({ input: await clip(), graph: walkersGraph(), records, fromUs: 1_000_000, toUs: 2_000_000 });
    const { frames } = await linesOf(path('dance.ndjson'));
    expect(frames.map(({ frame }) => frame)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(frames[0]?.ptsUs).toBe(1_000_000);
  });

  it('is written without a film too, and nothing else is left', async () => {
    const seen: string[] = [];
    const { path: film, frames } = await processFilm({
      input: await clip(),
      graph: walkersGraph(),
      records: { metadata: path('dance.ndjson') },
      onProgress: ({ phase, frames }) => seen.push(`${phase} ${frames}`),
    });
    expect([film, frames]).toEqual(['', 120]);
    expect(seen).toEqual(expect.arrayContaining(['encoding 1', 'encoding 120', 'assembling 120']));
    expect(await readdir(path('.'))).toEqual(['dance.ndjson']);
  });

  it('has places in pixels of the source, whatever size the pictures have where people are found and later', async () => {
    const nodes = (before: string, after: string) => ({
      before: { use: ffmpegDefinition, with: { chain: before } },
      pose: { use: walkersDefinition(oneWalker), from: 'before' },
      after: { use: ffmpegDefinition, with: { chain: after }, from: 'pose' },
    });
    const run = async (name: string, graph: Graph): Promise<readonly Line[]> => {
      await processFilm({ input: await clip(), graph, records: { metadata: path(name) }, toUs: 1_000_000 });
      return (await linesOf(path(name))).frames;
    };
    const plain = await run('plain.ndjson', walkersGraph(oneWalker));
    const scaled = await run('scaled.ndjson', createGraph({ nodes: nodes('scale=iw/2:ih/2', 'scale=iw*3:ih*4') }));
    expect(scaled.map(({ poses }) => poses[0]?.box[1])).toEqual(plain.map(({ poses }) => poses[0]?.box[1]));
    expect(scaled[12]?.poses[0]?.keypoints[5]?.[1]).toBeCloseTo(plain[12]?.poses[0]?.keypoints[5]?.[1] ?? 0, 2);
    expect(scaled[12]?.poses[0]?.keypoints[5]?.[0]).toBeCloseTo(plain[12]?.poses[0]?.keypoints[5]?.[0] ?? 0, 2);
  });

  it('has places as the film is shown when it is turned for that', async () => {
    const input = await phoneClip();
    await processFilm({ input, graph: walkersGraph(oneWalker), records: { metadata: path('phone.ndjson') } });
    const { header, frames } = await linesOf(path('phone.ndjson'));
    const { width, height } = await sizeOf(input);
    expect(header).toMatchObject({ width: height, height: width });
    // Found at a quarter of the height of the lying picture, at its left edge: which is the upper edge as it is shown, to the right of the middle.
    const side = height / 4;
    expect(frames[0]?.poses[0]?.box).toEqual([height / 2, 0, height / 2 + side, side]);
    const nose = frames[0]?.poses[0]?.keypoints[0];
    expect(nose?.[0]).toBeCloseTo(height - (height / 4 + 0.1 * side), 2);
    expect(nose?.[1]).toBeCloseTo(0.5 * side, 2);
  });
});

describe('metadata of a film job that is broken off', () => {
  const path = workspace();
  const clip = () => h264Clip({ frames: 120, container: 'mkv', audio: true });
  const all: FilmRecordsOptions = { exports: [{ format: 'csv' }, { format: 'coco' }, { format: 'bvh' }] };

  it.each([
    ['with a film', 'out.mkv'],
    ['alone', undefined],
  ])('is in the end that of an uninterrupted run, %s', async (_, film) => {
    const input = await clip();
    const job = (folder: string): QuickJob => ({
      input,
      output: film && path(`${folder}/${film}`),
      graph: walkersGraph(),
      pieceSeconds: 1,
      records: { ...all, metadata: path(`${folder}/out.ndjson`), exports: exportsIn(path(folder)) },
    });
    await Promise.all(['whole', 'resumed'].map((folder) => mkdir(path(folder))));
    await processFilm(job('whole'));
    await breakOff(job('resumed'), 60);
    expect(await exists(path('resumed/out.ndjson'))).toBe(false);
    await breakOff(job('resumed'), 100);
    const { resumedFrames } = await processFilm(job('resumed'));

    expect(resumedFrames).toBeGreaterThanOrEqual(72);
    const names = await readdir(path('whole'));
    expect(await readdir(path('resumed'))).toEqual(names);
    expect(names).toEqual(expect.arrayContaining(['out.person-1.bvh', 'out.person-2.bvh', 'out.person-3.bvh']));
    for (const name of names.filter((n) => n !== film)) {
      expect(await readFile(path(`resumed/${name}`), 'utf8')).toBe(await readFile(path(`whole/${name}`), 'utf8'));
    }
    const { frames } = await linesOf(path('resumed/out.ndjson'));
    expect(frames[100]?.poses.map(({ id }) => id).sort()).toEqual([1, 3]);
    expect(frames[100]?.poseEvents.map(({ id }) => id).sort()).toEqual([1, 3]);
    expect(frames[100]?.people).toMatchObject({ lines: { door: { in: 101 } }, crossings: [{ id: 1 }, { id: 3 }] });
  });

  it('does a piece again whose lines are damaged', async () => {
    const job = {
      input: await clip(),
      graph: walkersGraph(),
      pieceSeconds: 1,
      records: { metadata: path('a.ndjson') },
    };
    await breakOff(job, 80);
    await writeFile(path('a.ndjson.vitascope/piece-000001.ndjson'), 'nothing');
    expect(await processFilm(job)).toMatchObject({ frames: 120, resumedFrames: 24 });
    expect((await linesOf(path('a.ndjson'))).frames.map(({ frame }) => frame)).toEqual([...Array(120).keys()]);
  });

  it('is refused when the earlier run kept none', async () => {
    const job = { input: await clip(), output: path('out.mkv'), graph: walkersGraph(), pieceSeconds: 1 };
    await breakOff(job, 60);
    await expect(openJob({ ...job, records: { metadata: path('a.ndjson') } })).rejects.toMatchObject({
      code: 'RESUME_MISMATCH',
      message: expect.stringContaining('records'),
    });
  });

  it('may be finished although the film is not: it is replaced then', async () => {
    const job = {
      input: await clip(),
      output: path('out.mkv'),
      graph: walkersGraph(),
      records: { metadata: path('a.ndjson') },
    };
    let broken = false;
    const first = await openJob({
      ...job,
      onProgress: ({ phase, ptsUs }) => {
        if (phase !== 'assembling' || ptsUs === 0 || broken) return;
        broken = true;
        throw new Error('no space');
      },
    });
    await expect(first.run()).rejects.toThrow();
    expect([await exists(path('a.ndjson')), await exists(path('out.mkv'))]).toEqual([true, false]);
    expect(await processFilm(job)).toMatchObject({ complete: true, resumedFrames: 120 });
  });
});

const exportsIn = (folder: string) =>
  (['csv', 'coco', 'bvh'] as const).map((format) => ({ format, path: `${folder}/out.${format}` }));

describe('metadata of a film on a disk that is full', () => {
  const path = workspace();

  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Makes writing fail for files whose text, as far as it is to be written, has a mark in it. */
  async function fillDisk(isFull: (text: string) => boolean): Promise<void> {
    const handle = await open(path('probe'), 'w');
    await handle.close();
    await rm(path('probe'));
    const shared = Object.getPrototypeOf(handle) as FileHandle;
    const real = shared.write;
    vi.spyOn(shared, 'write').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      if (!isFull(String(args[0]))) return Reflect.apply(real, this, args) as never;
      return Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    } as never);
  }

  it('keeps the finished pieces, and goes on when there is room', async () => {
    const input = await h264Clip({ frames: 120, container: 'mkv', audio: true });
    const job: QuickJob = { input, graph: walkersGraph(), pieceSeconds: 1, records: { metadata: path('a.ndjson') } };
    await fillDisk((text) => text.includes('"frame":60,'));
    await expect(processFilm(job)).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    expect(await readdir(path('.'))).toEqual(['a.ndjson.vitascope']);
    vi.restoreAllMocks();

    expect(await processFilm(job)).toMatchObject({ frames: 120, resumedFrames: 48 });
    expect((await linesOf(path('a.ndjson'))).frames.map(({ frame }) => frame)).toEqual([...Array(120).keys()]);
  });

  it('leaves no half file where the pieces are joined', async () => {
    const input = await h264Clip({ frames: 120, container: 'mkv', audio: true });
    const exports = [{ format: 'csv', path: path('a.csv') }] as const;
    const job: QuickJob = { input, graph: walkersGraph(), records: { metadata: path('a.ndjson'), exports } };
    await fillDisk((text) => text.startsWith('frame,pts_us'));
    await expect(processFilm(job)).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    expect(await readdir(path('.'))).toEqual(['a.ndjson', 'a.ndjson.vitascope']);
    expect((await linesOf(path('a.ndjson'))).frames).toHaveLength(120);
    vi.restoreAllMocks();

    await processFilm(job);
    expect(await readdir(path('.'))).toEqual(['a.csv', 'a.ndjson']);
  });
});

describe('metadata of a film job that is stopped', () => {
  const path = workspace();

  it.each([
    ['beside the partial film', 'out.mkv'],
    ['alone', undefined],
  ])('is readable under its partial name, %s, with the frames that are finished', async (_, film) => {
    const options: QuickJob = {
      input: await h264Clip({ frames: 120, container: 'mkv', audio: true }),
      output: film && path(film),
      graph: walkersGraph(),
      pieceSeconds: 1,
      records: { metadata: path('a.ndjson'), exports: [{ format: 'csv', path: path('a.csv') }] },
    };
    const job = await openJob({
      ...options,
      onProgress: ({ frames }) => {
        if (frames === 50) job.stop();
      },
    });
    const stopped = await job.run();
    expect(stopped).toMatchObject({
      complete: false,
      path: film === undefined ? '' : path('out.partial.mkv'),
      records: [{ form: 'metadata', path: path('a.partial.ndjson') }],
    });
    const { frames } = await linesOf(path('a.partial.ndjson'));
    expect(frames).toHaveLength(stopped.frames);
    expect(frames.length).toBeGreaterThanOrEqual(50);

    expect(await processFilm(options)).toMatchObject({ complete: true, frames: 120 });
    expect(await readdir(path('.'))).toEqual(['a.csv', 'a.ndjson', ...(film === undefined ? [] : [film])]);
  });
});

describe('files with the people of a film', () => {
  const path = workspace();
  const clip = () => h264Clip({ frames: 24, container: 'mkv' });

  it('stand beside the film, or the input where there is no film', async () => {
    const { records } = await processFilm({
      input: await clip(),
      output: path('dance.pose.mkv'),
      graph: walkersGraph(),
      records: { exports: [{ format: 'coco' }, { format: 'csv' }, { format: 'bvh' }] },
    });
    expect(records).toEqual([
      { form: 'coco', path: path('dance.pose.coco.json') },
      { form: 'csv', path: path('dance.pose.csv') },
      { form: 'bvh', path: path('dance.pose.person-1.bvh') },
      { form: 'bvh', path: path('dance.pose.person-2.bvh') },
    ]);
  });

  it('are none of BVH when there is nobody', async () => {
    const exports = [{ format: 'bvh', path: path('a.bvh') }] as const;
    const { records } = await processFilm({ input: await clip(), graph: walkersGraph([]), records: { exports } });
    expect(records).toEqual([]);
  });

  it.each([
    ['metadata', { metadata: 'a.ndjson' }],
    ['a table', { exports: [{ format: 'csv', path: 'a.csv' }] }],
  ] as const)('are refused at once for a graph that finds nothing (%s), with the graphs that do', async (_, wish) => {
    await expect(openJob({ input: 'none.mkv', graph: 'transcode', records: wish })).rejects.toMatchObject({
      code: 'GRAPH_TYPE',
      message: expect.stringMatching(/graph transcode .*; graphs that do: .*pose/),
    });
  });

  it.each(['a.csv', 'a.person-4.bvh', 'a.ndjson'])('do not replace %s unless that is asked for', async (name) => {
    await writeFile(path(name), 'old');
    const job: QuickJob = {
      input: await clip(),
      graph: walkersGraph(),
      records: {
        metadata: path('a.ndjson'),
        exports: [
          { format: 'csv', path: path('a.csv') },
          { format: 'bvh', path: path('a.bvh') },
        ],
      },
    };
    await expect(openJob(job)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readdir(path('.'))).toEqual([name]);
    await processFilm({ ...job, overwrite: true });
    expect(await readdir(path('.'))).toEqual(['a.csv', 'a.ndjson', 'a.person-1.bvh', 'a.person-2.bvh']);
  });

  it('cannot stand in a folder that is not there, or be the film', async () => {
    const job = { input: await clip(), output: path('out.mkv'), graph: walkersGraph() };
    await expect(openJob({ ...job, records: { metadata: path('none/a.ndjson') } })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
    await expect(openJob({ ...job, records: { metadata: path('out.mkv') } })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(await readdir(path('.'))).toEqual([]);
  });
});
