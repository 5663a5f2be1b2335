// Makes docs/images/before-after.png: two moments of the demo film, before and after the graph `restore`.
// Run: npx tsx scripts/readme-picture.ts
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AV_PIX_FMT_PAL8 } from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet } from 'node-av/lib';
import { renderDemoFilm } from '../cli/demo/render-film.js';
import { loadGraph } from '../config/load-graph.js';
import { previewFilm } from '../jobs/preview.js';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import { FilterSession } from '../streams/libav/filter-session.js';
import { probe } from '../streams/libav/probe.js';
import { VideoReader } from '../streams/libav/video-reader.js';

/** Few enough colours that the film's grain takes little room, many enough that nobody sees it. */
const COLORS = 96;

const target = fileURLToPath(new URL('../docs/images/before-after.png', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'vitascope-picture-'));
try {
  const [film, sheet] = [join(folder, 'demo.mkv'), join(folder, 'sheet.png')];
  await renderDemoFilm(film);
  await previewFilm({ input: film, graph: await loadGraph('restore'), output: sheet, moments: 2, tileWidth: 392 });
  await writeFile(target, await withFewColors(sheet));
} finally {
  await disposeDefaultInferencePool();
  await rm(folder, { recursive: true });
}

async function withFewColors(png: string): Promise<Buffer> {
  const { video } = await probe(png);
  if (video === undefined) throw new Error(`${png} holds no picture`);
  const report = { skipped: 0, damaged: 0, retimed: 0, rescaled: 0, dropped: 0, truncated: false };
  const reader = await VideoReader.open(png, { report });
  const picture = (await reader.next())?.frame;
  if (picture === undefined) throw new Error(`${png} does not decode`);
  try {
    return await encodePalette(await quantise(picture));
  } finally {
    picture.free();
    await reader.close();
  }
}

async function quantise(picture: Frame): Promise<Frame> {
  const chain = `split[a][b];[a]palettegen=max_colors=${COLORS}[p];[b][p]paletteuse=dither=none`;
  const { width, height, format, colorSpace, colorRange } = picture;
  const session = FilterSession.open(chain, [
    {
      width,
      height,
      avPixelFormat: format,
      timeBase: { num: 1, den: 25 },
      frameRate: { num: 25, den: 1 },
      sampleAspectRatio: { num: 1, den: 1 },
      colorSpace,
      colorRange,
    },
  ]);
  try {
    await session.push(picture);
    await session.push(null);
    const quantised = await session.pull();
    if (quantised === undefined) throw new Error('no picture came out of the palette filter');
    return quantised;
  } finally {
    session.close();
  }
}

async function encodePalette(picture: Frame): Promise<Buffer> {
  const codec = Codec.findEncoderByName('png' as never);
  if (codec === null) throw new Error('FFmpeg has no PNG encoder');
  const context = new CodecContext();
  const packet = new Packet();
  try {
    context.allocContext3(codec);
    context.width = picture.width;
    context.height = picture.height;
    context.pixelFormat = AV_PIX_FMT_PAL8;
    context.timeBase = { num: 1, den: 25 } as never;
    packet.alloc();
    const results = [await context.open2(codec, null), await context.sendFrame(picture)];
    results.push(await context.sendFrame(null), await context.receivePacket(packet));
    if (results.some((result) => result < 0)) throw new Error(`the PNG encoder failed: ${results}`);
    return Buffer.from(packet.data ?? []);
  } finally {
    packet.free();
    picture.free();
    context.freeContext();
  }
}
