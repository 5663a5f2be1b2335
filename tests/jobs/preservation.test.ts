import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { deinterlaceDefinition } from '../../operators/deinterlace/deinterlace.js';
import { createGraph } from '../../pipeline/graph/graph.js';
import { probe } from '../../streams/libav/probe.js';
import { look } from '../fixtures/look.js';
import {
  oddClip,
  palInterlacedClip,
  phoneAudioStartUs,
  phoneClip,
  phoneTimesUs,
  proresClip,
  richFilm,
  richFilmChapters,
  richFilmFont,
  tenBitClip,
} from '../fixtures/media.js';
import { processFilm } from '../helpers/jobs.js';
import { workspace } from '../helpers/workspace.js';

describe('a film with two sound tracks, subtitles, chapters and a font', () => {
  const path = workspace();

  it.each(['copy', 'transcode'])('keeps every track, tag and disposition in Matroska through %s', async (graph) => {
    const input = await richFilm();
    await processFilm({ input, output: path('out.mkv'), graph });

    const [before, after] = [look(input), look(path('out.mkv'))];
    expect(after.metadata).toMatchObject({ title: 'The Harbour', DATE: before.metadata.DATE });
    const describeTrack = (s: (typeof before.streams)[number]) => [
      s.kind,
      s.codec,
      s.language,
      s.title,
      s.isDefault,
      s.isComment,
    ];
    expect(after.streams.map(describeTrack)).toEqual(before.streams.map(describeTrack));
    expect(after.streams.at(-1)?.extradata).toEqual(richFilmFont);
    const info = await probe(path('out.mkv'));
    expect(info.chapters).toEqual(richFilmChapters);
  });

  it.each(['copy', 'transcode'])('copies sound and subtitles packet by packet through %s', async (graph) => {
    const input = await richFilm();
    await processFilm({ input, output: path('out.mkv'), graph });

    const copied = (file: string) =>
      look(file)
        .streams.filter((s) => s.kind === 'audio' || s.kind === 'subtitle')
        .map((s) => s.packets.map((p) => [p.ptsUs, p.data]));
    expect(copied(path('out.mkv'))).toEqual(copied(input));
  });

  it('turns text subtitles into those of MP4, keeps chapters, and says what MP4 cannot hold', async () => {
    const { leftOut } = await processFilm({ input: await richFilm(), output: path('out.mp4') });

    const { streams } = look(path('out.mp4'));
    expect(streams.map((s) => s.codec)).toEqual(['h264', 'aac', 'opus', 'mov_text', 'mov_text']);
    expect(streams[3]?.packets.map((p) => p.data.slice(2)).filter((text) => text !== '')).toEqual([
      'Good morning.',
      'Quiet, please.',
    ]);
    expect(streams.filter((s) => s.kind === 'audio').map((s) => s.language)).toEqual(['eng', 'fra']);
    expect(leftOut).toMatchObject([{ kind: 'attachment', codec: 'ttf' }]);
    const info = await probe(path('out.mp4'));
    expect(info.chapters.map((c) => [c.startUs, c.title])).toEqual(richFilmChapters.map((c) => [c.startUs, c.title]));
  });

  it('refuses a container that cannot hold the sound, and names the tracks', async () => {
    const job = processFilm({ input: await richFilm(), output: path('out.webm'), videoCodec: 'libvpx-vp9' });

    await expect(job).rejects.toMatchObject({ code: 'CONTAINER_CODEC', message: expect.stringContaining('aac') });
  });

  it('leaves out what does not fit when asked to', async () => {
    const { leftOut } = await processFilm({
      input: await richFilm(),
      output: path('out.ts'),
      graph: 'copy',
      dropUnsupported: true,
    });

    expect(leftOut.map((t) => t.codec)).toEqual(['subrip', 'ass', 'ttf']);
  });

  it('moves chapters, sound and subtitles along when a part is cut out', async () => {
    await processFilm({ input: await richFilm(), output: path('out.mkv'), fromUs: 1_500_000, toUs: 3_000_000 });

    const info = await probe(path('out.mkv'));
    expect(info.chapters.map((c) => [c.startUs, c.endUs])).toEqual([
      [0, 1_000_000],
      [1_000_000, 1_500_000],
    ]);
    const [video, sound] = look(path('out.mkv')).streams;
    expect(video?.frames.map((f) => f.timeUs).at(0)).toBe(0);
    expect(video?.frames).toHaveLength(36);
    expect(Math.abs(sound?.packets[0]?.ptsUs ?? Number.NaN)).toBeLessThan(25_000);
  });
});

describe('a ProRes 4:2:2 ten-bit film', () => {
  const path = workspace();

  it('keeps ten bits and 4:2:2, bit for bit, through a lossless encoder', async () => {
    const input = await proresClip();
    await processFilm({ input, output: path('out.mkv'), videoCodec: 'ffv1' });

    const [before, after] = [look(input).streams[0], look(path('out.mkv')).streams[0]];
    expect(after?.frames.map((f) => f.format)).toEqual(before?.frames.map((f) => f.format));
    expect(after?.frames.map((f) => f.luma.equals(before?.frames[0]?.luma as Buffer))[0]).toBe(true);
    expect(after?.frames.every((f, i) => f.luma.equals(before?.frames[i]?.luma as Buffer))).toBe(true);
  });

  it('can be written as ProRes again', async () => {
    const input = await proresClip();
    await processFilm({ input, output: path('out.mov'), videoCodec: 'prores_ks', options: { profile: 'hq' } });

    const [video, sound] = look(path('out.mov')).streams;
    expect(video?.codec).toBe('prores');
    expect(video?.frames[0]?.format).toBe('yuv422p10le');
    expect(sound?.codec).toBe('pcm_s16le');
  });

  it('keeps its profile in Matroska', async () => {
    await processFilm({
      input: await proresClip(),
      output: path('out.mkv'),
      videoCodec: 'prores_ks',
      options: { profile: 'lt' },
    });

    expect(look(path('out.mkv')).streams[0]).toMatchObject({ codec: 'prores' });
    expect((await readFile(path('out.mkv'))).includes('apcs')).toBe(true);
  });

  it('keeps ten bits of luma in H.264 too', async () => {
    const input = await tenBitClip('ffv1');
    await processFilm({ input, output: path('out.mkv') });

    expect(look(path('out.mkv')).streams[0]?.frames[0]?.format).toBe('yuv420p10le');
  });
});

describe('a phone clip with uneven timing and rotation', () => {
  const path = workspace();

  it.each(['copy', 'transcode'])(
    'keeps every timestamp, the rotation and the late start of the sound through %s',
    async (graph) => {
      const input = await phoneClip();
      await processFilm({ input, output: path('out.mp4'), graph });

      const [before, after] = [look(input), look(path('out.mp4'))];
      expect(after.streams[0]?.frames.map((f) => f.timeUs)).toEqual([...phoneTimesUs]);
      expect(after.streams[0]?.displayMatrix).toEqual(before.streams[0]?.displayMatrix);
      expect((await probe(path('out.mp4'))).video?.rotation).toBe((await probe(input)).video?.rotation);
      expect(after.streams[1]?.packets.map((p) => p.ptsUs)).toEqual(before.streams[1]?.packets.map((p) => p.ptsUs));
      expect(before.streams[1]?.frames[0]?.timeUs ?? phoneAudioStartUs).toBeDefined();
    },
  );

  it('keeps them across pieces', async () => {
    await processFilm({ input: await phoneClip(), output: path('out.mp4'), pieceSeconds: 1 });

    expect(look(path('out.mp4')).streams[0]?.frames.map((f) => f.timeUs)).toEqual([...phoneTimesUs]);
  });
});

describe('a PAL-like interlaced film with 16:11 pixels', () => {
  const path = workspace();

  it.each(['ts', 'mpg'] as const)(
    'is recognised in .%s, and keeps shape, sound and sync when transcoded',
    async (container) => {
      const input = await palInterlacedClip(container);
      const before = await probe(input);
      expect(before.video).toMatchObject({ fieldOrder: 'top-first', sampleAspectRatio: { num: 16, den: 11 } });
      await processFilm({ input, output: path('out.mkv') });

      const after = await probe(path('out.mkv'));
      expect(after.video?.sampleAspectRatio).toEqual({ num: 16, den: 11 });
      const [from, to] = [look(input).streams, look(path('out.mkv')).streams];
      expect(to[0]?.frames).toHaveLength(from[0]?.frames.length ?? 0);
      const offset = (streams: typeof from) =>
        (streams[1]?.packets[0]?.ptsUs ?? 0) - (streams[0]?.frames[0]?.timeUs ?? 0);
      expect(Math.abs(offset(to) - offset(from))).toBeLessThan(2000);
    },
  );

  it('stays interlaced, and marked so, when it is transcoded', async () => {
    await processFilm({ input: await palInterlacedClip(), output: path('out.mkv') });

    const { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST } = await import('node-av/constants');
    const marks = AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST;
    expect((await probe(path('out.mkv'))).video?.fieldOrder).toBe('top-first');
    expect(look(path('out.mkv')).streams[0]?.frames.every((f) => (f.flags & marks) === marks)).toBe(true);
  });

  it.each(['mpeg2video', 'mpeg4'])('can be written with %s, which knows no fine time base', async (videoCodec) => {
    const { frames } = await processFilm({ input: await palInterlacedClip(), output: path('out.mkv'), videoCodec });

    const times = look(path('out.mkv')).streams[0]?.frames.map((f) => f.timeUs) ?? [];
    expect(times).toHaveLength(frames);
    expect(times.every((t, i) => i === 0 || t - (times[i - 1] as number) === 40_000)).toBe(true);
  });

  it('comes out progressive through deinterlace, one picture for each', async () => {
    const input = await palInterlacedClip();
    const graph = createGraph({ nodes: { deinterlace: { use: deinterlaceDefinition } } });
    await processFilm({ input, output: path('out.mkv'), graph, videoCodec: 'ffv1' });

    const [from, to] = [look(input).streams[0], look(path('out.mkv')).streams[0]];
    expect(to?.frames).toHaveLength(from?.frames.length ?? 0);
    const start = from?.frames[0]?.timeUs ?? 0;
    const rebased = from?.frames.map((f) => Math.round((f.timeUs - start) / 1000)) ?? [];
    const first = to?.frames[0]?.timeUs ?? 0;
    expect(to?.frames.map((f) => Math.round((f.timeUs - first) / 1000))).toEqual(rebased);
    expect(to?.frames[5]?.luma.equals(from?.frames[5]?.luma as Buffer)).toBe(false);
  });
});

describe('odd sizes', () => {
  const path = workspace();

  it.each(['420', '444'] as const)('319×241 in 4:%s comes out as it went in, luma bit for bit', async (subsampling) => {
    const input = await oddClip(subsampling);
    await processFilm({ input, output: path('out.mkv'), videoCodec: 'ffv1' });

    const [before, after] = [look(input).streams[0], look(path('out.mkv')).streams[0]];
    expect(after?.frames[0]).toMatchObject({ width: 319, height: 241, format: before?.frames[0]?.format });
    expect(after?.frames.every((f, i) => f.luma.equals(before?.frames[i]?.luma as Buffer))).toBe(true);
  });

  it.each(['libx264', 'libx265', 'libsvtav1', 'libvpx-vp9'])(
    '%s gets even sides where it needs them, and no pixel is lost',
    async (videoCodec) => {
      const input = await oddClip('420');
      const { widenedTo } = await processFilm({ input, output: path('out.mkv'), videoCodec });

      const size = videoCodec === 'libvpx-vp9' ? undefined : { width: 320, height: 242 };
      expect(widenedTo).toEqual(size);
      expect(look(path('out.mkv')).streams[0]?.frames[0]).toMatchObject(size ?? { width: 319, height: 241 });
    },
  );
});
