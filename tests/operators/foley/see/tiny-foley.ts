import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';
import { actions, materials } from '../../../../operators/foley/bank/vocabulary.js';
import type { SoundCue, SoundsMeta } from '../../../../operators/foley/cues.js';
import type { FoleyOptions } from '../../../../operators/foley/see/foley.js';
import { foley } from '../../../../operators/foley/see/foley.js';
import { unspecifiedColor } from '../../../../pipeline/picture.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import type { FrameProperties } from '../../../../pipeline/video-frame.js';
import { collect, testFrame } from '../../../helpers/frames.js';

export const SIDE = 16;
export const LOOK_AHEAD = 3;

/** What a tiny network says; the rest of its outputs never changes. */
export interface TinySpeech {
  /** 0–1. Default: how bright the picture is. */
  readonly onset?: (graph: GraphBuilder, seen: TinySight) => Value;
  /** Steps. Default 0. */
  readonly offset?: number;
  /** Of `water`; `room` is 0.5. Default: how bright the picture is. */
  readonly water?: (graph: GraphBuilder, seen: TinySight) => Value;
}

/** What a tiny network knows, float32 `[1, 1]` each. */
export interface TinySight {
  /** Brightness 0–1, {@link LOOK_AHEAD} steps ago and one step before that. */
  readonly bright: Value;
  readonly before: Value;
  /** Steps it has been shown, this one counted. */
  readonly count: Value;
}

const brightness = (_graph: GraphBuilder, { bright }: TinySight): Value => bright;

/** A step network that speaks of the brightness of pictures. */
export function tinyStep({ onset = brightness, offset = 0, water = brightness }: TinySpeech = {}): Uint8Array {
  const graph = new GraphBuilder('tiny');
  const picture = graph.input('picture', 'uint8', [1, 3, SIDE, SIDE]);
  const line = graph.input('line', 'float32', [1, LOOK_AHEAD + 1]);
  const count = graph.node('Add', [graph.input('count', 'float32', [1, 1]), graph.scalar(1)]);
  const mean = graph.node('ReduceMean', [graph.cast(picture, 'float32'), graph.ints([3], [1, 2, 3])], { keepdims: 0 });
  const now = graph.reshape(graph.node('Div', [mean, graph.scalar(255)]), [1, 1]);
  const all = graph.node('Concat', [line, now], { axis: 1 });
  const seen = { bright: graph.slice(all, 1, 1, 2), before: graph.slice(all, 1, 0, 1), count };
  const say = (name: string, value: Value, length: number): void => graph.output(name, value, 'float32', [1, length]);
  const constant = (values: readonly number[]): Value => graph.floats([1, values.length], values);
  say('onset', onset(graph, seen), 1);
  say('offset', constant([offset]), 1);
  say('energy', constant([0.625]), 1);
  say('position', constant([1, 0.5]), 2);
  say('action', constant([0.1, 0.1, 0.6, 0.1, 0.1]), 5);
  say('material', constant([0, 0.7, ...Array<number>(10).fill(0.03)]), 12);
  say('features', constant(Array.from({ length: 48 }, (_, i) => i / 47)), 48);
  const room = constant([0, 0, 0, 0, 0, 0.5]);
  say('beds', graph.node('Concat', [water(graph, seen), room], { axis: 1 }), 7);
  say('line_next', graph.slice(all, 1, 1, LOOK_AHEAD + 2), LOOK_AHEAD + 1);
  say('count_next', count, 1);
  return graph.build();
}

/**
 * A network that looks at what is hit: the material is that with the number of the right upper pixel of the second picture, in red, nearly as likely as all others together; it is
 * always scratched, and as far from the right and the lower edge as the given place is from the left and the upper one.
 */
export function tinyLook(): Uint8Array {
  const graph = new GraphBuilder('look');
  const pictures = graph.input('pictures', 'uint8', [1, 9, SIDE, SIDE]);
  const given = graph.input('given', 'float32', [1, 2]);
  const at = 3 * SIDE * SIDE + SIDE - 1;
  const corner = graph.slice(graph.reshape(graph.cast(pictures, 'int64'), [9 * SIDE * SIDE]), 0, at, at + 1);
  const hot = graph.node('OneHot', [corner, graph.ints([1], [12]), graph.floats([2], [0.5 / 11, 0.5])], { axis: -1 });
  graph.output('material', graph.reshape(hot, [1, 12]), 'float32', [1, 12]);
  graph.output('action', graph.floats([1, 5], [0.1, 0.6, 0.1, 0.1, 0.1]), 'float32', [1, 5]);
  graph.output('position', graph.node('Sub', [graph.scalar(1), given]), 'float32', [1, 2]);
  return graph.build();
}

export const tinyAdapter = {
  ...{ layout: 'NCHW', channels: 'RGB', range: [0, 255], size: [SIDE, SIDE], fit: 'stretch', interpolation: 'area' },
  ...{ stepsPerSecond: 25, lookAheadSteps: LOOK_AHEAD, onsetThreshold: 0.6, lookMoments: [-4, 0, 3] },
  actions: [...actions] as string[],
  materials: [...materials] as string[],
  beds: ['water', 'wind', 'rain', 'crowd', 'street', 'fire', 'room'],
};

/** Writes the folder of a model, and gives its path. */
export async function tinyModel(
  folder: string,
  files: Readonly<Record<string, Uint8Array>> = { 'model.onnx': tinyStep() },
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const facts = { id: 'tiny', task: 'foley', family: 'foley-step', adapter: tinyAdapter, ...changes };
  await writeFile(join(folder, 'model.json'), JSON.stringify(facts));
  return folder;
}

/** One picture of a film, in full-range luma. */
export interface Picture extends Partial<FrameProperties> {
  readonly ptsUs: number;
  /** Luma 20–215; its two parts are 40 brighter and 20 darker. Default 80. */
  readonly level?: number;
  /** Other scenes are laid out otherwise. Default 0. */
  readonly scene?: number;
}

const USUAL = 80;
/** {@link Picture.level} of what the tiny network takes for an impact. */
export const FLASH = 200;

export function paintedSample({ level = USUAL, scene = 0, ...changes }: Picture, index: number): VideoSample {
  const color = { ...unspecifiedColor, range: 'pc' as const };
  const frame = testFrame(index, { width: 32, height: 16, color, ...changes });
  const unit = frame.bitDepth === 8 ? 1 : 4;
  const luma = frame.plane(0);
  for (let i = 0; i < luma.length; i++) {
    const [x, y] = [(i % frame.width) / frame.width, Math.floor(i / frame.width) / frame.height];
    const light = scene % 2 === 0 ? x < 0.5 : y < 0.3;
    luma[i] = unit * (level + (light ? 40 : -20));
  }
  for (const plane of [1, 2] as const) frame.plane(plane).fill(128 * unit);
  return { frame, meta: {} };
}

/** Emits pictures inside `subscribe`, each made when the one before was taken. */
export function filmOf(pictures: readonly Picture[]): Observable<VideoSample> {
  return new Observable((subscriber) => {
    for (const [index, picture] of pictures.entries()) {
      if (subscriber.closed) return;
      subscriber.next(paintedSample(picture, index));
    }
    subscriber.complete();
  });
}

/** Pictures at a rate, the numbered ones flashes. */
export function steady(count: number, fps: number, flashes: readonly number[] = [], startUs = 0): Picture[] {
  return Array.from({ length: count }, (_, i) => ({
    ptsUs: startUs + Math.round((i * 1e6) / fps),
    durationUs: Math.round(1e6 / fps),
    ...(flashes.includes(i) ? { level: FLASH } : {}),
  }));
}

/** What was attached to a picture. */
export interface Told {
  readonly index: number;
  readonly ptsUs: number;
  readonly sounds: readonly SoundCue[];
}

/** What foley attaches to the pictures of a film, picture by picture. */
export async function toldOf(source: Observable<VideoSample>, options: FoleyOptions): Promise<readonly Told[]> {
  const told: Told[] = [];
  const { error } = await collect(source.pipe(foley(options)), ({ frame, meta }) => {
    told.push({ index: frame.index, ptsUs: frame.ptsUs, sounds: (meta as SoundsMeta).sounds });
  });
  if (error !== undefined) throw error;
  return told;
}

export function cuesOf<Kind extends SoundCue['kind']>(
  told: readonly Told[],
  kind: Kind,
): readonly Extract<SoundCue, { kind: Kind }>[] {
  return told
    .flatMap(({ sounds }) => sounds)
    .filter((cue): cue is Extract<SoundCue, { kind: Kind }> => cue.kind === kind);
}
