import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { clockwiseQuad, type LabelledQuad } from './quad-matching.js';

/** A labelled line of a picture. */
export interface LabelledLine extends LabelledQuad {
  /** What it says; empty where nobody wrote it down. */
  readonly text: string;
}

/** A picture with all its lines, or all its words. */
export interface LabelledScene {
  readonly path: string;
  readonly lines: readonly LabelledLine[];
}

/** A picture of a single line. */
export interface LabelledCrop {
  readonly path: string;
  /** How it was drawn: `scene`, `subtitle`, `print`, `intertitle`; `turned` stands on its head, `nothing` is no text, `foreign` another script; `word` is a real one. */
  readonly kind: string;
  /** What it says; empty for what is not to be read. */
  readonly truth: string;
  /** In the picture that it was cut out of, pixels; 0 when unknown. */
  readonly height: number;
}

const points = z.array(z.tuple([z.number(), z.number()]));
const drawnScenes = z.object({
  scenes: z.array(
    z.object({
      file: z.string(),
      lines: z.array(z.object({ text: z.string(), quad: points, ignored: z.boolean() })),
    }),
  ),
});
const drawnLines = z.object({
  lines: z.array(z.object({ file: z.string(), kind: z.string(), text: z.string(), height: z.number() })),
});
const icdarLabels = z.object({
  data_list: z.array(
    z.object({
      img_path: z.string(),
      instances: z.array(z.object({ polygon: z.array(z.number()), ignore: z.boolean() })),
    }),
  ),
});
const wordLabels = z.object({
  data_list: z.array(z.object({ img_path: z.string(), instances: z.array(z.object({ text: z.string() })) })),
});

/** Scenes of a folder that `models/training/text/dump.py` has written; nothing where there is none. */
export async function readScenes(folder: string): Promise<readonly LabelledScene[] | undefined> {
  const labels = await readLabels(join(folder, 'labels.json'), drawnScenes);
  return labels?.scenes.map(({ file, lines }) => ({
    path: join(folder, file),
    lines: lines.map(({ text, quad, ignored }) => ({ text, ignored, quad: clockwiseQuad(quad) })),
  }));
}

/** Likewise lines. */
export async function readCrops(folder: string): Promise<readonly LabelledCrop[] | undefined> {
  const labels = await readLabels(join(folder, 'labels.json'), drawnLines);
  return labels?.lines.map(({ file, text, ...facts }) => ({ path: join(folder, file), truth: text, ...facts }));
}

/**
 * The ten photographs of ICDAR 2015 that MMOCR's tests have, with their words; nothing where they are not there. Their labels say where words are and not what they
 * say: `icdar-words.json` does, written down by us from the pictures, by file and number of the word.
 *
 * @param shared Folder that holds `data/text/mmocr`.
 */
export async function readPhotographs(shared: string): Promise<readonly LabelledScene[] | undefined> {
  const folder = join(shared, 'data/text/mmocr/det_toy_dataset');
  const labels = await readLabels(join(folder, 'textdet_test.json'), icdarLabels);
  const said = z
    .record(z.string(), z.record(z.string(), z.string()))
    .parse(JSON.parse(await readFile(new URL('icdar-words.json', import.meta.url), 'utf8')));
  return labels?.data_list.map(({ img_path, instances }) => {
    const texts = said[img_path.split('/').at(-1) ?? ''] ?? {};
    const lines = instances.map(({ polygon, ignore }, i) => ({
      text: texts[i] ?? '',
      ignored: ignore,
      quad: clockwiseQuad(pairsOf(polygon)),
    }));
    return { path: join(folder, img_path), lines };
  });
}

/** The ten pictures of words that MMOCR's tests have. @param shared As above. */
export async function readWordCrops(shared: string): Promise<readonly LabelledCrop[] | undefined> {
  const folder = join(shared, 'data/text/mmocr/rec_toy_dataset');
  const labels = await readLabels(join(folder, 'labels.json'), wordLabels);
  return labels?.data_list.map(({ img_path, instances: [word] }) => {
    return { path: join(folder, 'imgs', img_path), kind: 'word', truth: word?.text ?? '', height: 0 };
  });
}

async function readLabels<Labels>(path: string, schema: z.ZodType<Labels>): Promise<Labels | undefined> {
  return existsSync(path) ? schema.parse(JSON.parse(await readFile(path, 'utf8'))) : undefined;
}

function pairsOf(numbers: readonly number[]): [number, number][] {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i] as number, numbers[2 * i + 1] as number]);
}
