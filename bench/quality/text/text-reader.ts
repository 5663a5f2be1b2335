import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { openTextDetector, type TextDetector } from '../../../models/adapters/text/text-detector.js';
import { findModel, type ModelFinder } from '../../../operators/library-model.js';
import { cleanText, isSure } from '../../../operators/text/read/clean-text.js';
import { readTextOptions } from '../../../operators/text/read/read-options.js';
import { TextModel } from '../../../operators/text/read/text-model.js';
import { openTextNetworks } from '../../../operators/text/read/text-networks.js';
import type { TextQuad } from '../../../operators/text/texts-meta.js';
import type { VideoFrame } from '../../../pipeline/index.js';

/** A line as `read-text` has it from a look. */
export interface ReadLine {
  /** Begun where the text that was read begins. */
  readonly quad: TextQuad;
  readonly text: string;
  /** 0–1. */
  readonly score: number;
}

/** What a look at a picture gives. */
export interface TextLook {
  /** All that the detector found. */
  readonly boxes: readonly TextQuad[];
  /** What `read-text` reads of it: the most legible ones, letters one below the other as one. */
  readonly places: readonly TextQuad[];
  /** What `read-text` would show of it: the most legible lines, less those that are unsure. */
  readonly lines: readonly ReadLine[];
}

/** Detector and reader as `read-text` uses them, with its defaults. */
export interface TextPipeline extends AsyncDisposable {
  /** The frame stays the caller's. */
  look(frame: VideoFrame): Promise<TextLook>;
}

const WHO = 'quality:text';
const settings = readTextOptions.parse({});

/** A pipeline of two models. @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`. */
export async function openTextPipeline(
  { detector, reader }: { readonly detector: string; readonly reader: string },
  finder: ModelFinder,
  pool: AdapterPool,
): Promise<TextPipeline> {
  await findModel(WHO, reader, 'text-read', finder);
  const own = await openTextDetector(await findModel(WHO, detector, 'text-detect', finder), pool);
  let boxes: readonly TextQuad[] = [];
  const textDetector: TextDetector = {
    detect: async (frame, options) => {
      const found = await own.detect(frame, options);
      boxes = found.map(({ quad }) => quad);
      return found;
    },
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
  const model = new TextModel(
    (timed) => openTextNetworks({ detector, reader, textDetector }, timed, finder),
    pool,
    settings,
  );
  return {
    look: async (frame) => {
      const found = await model.detect(frame, new AbortController().signal);
      return { boxes, places: found.result, lines: (await readAsShown(model, frame, found.result)).filter(isShown) };
    },
    [Symbol.asyncDispose]: async () => {
      await model.close();
      await own[Symbol.asyncDispose]();
    },
  };
}

/** A reader alone. */
export interface LineSight extends AsyncDisposable {
  /** The reading of a line as it lies there. */
  read(frame: VideoFrame, quad: TextQuad): Promise<ReadLine>;
  /** What `read-text` makes of a new line, which it also tries the other way round. */
  readNew(frame: VideoFrame, quad: TextQuad): Promise<ReadLine>;
}

/** A reader of pictures of lines. @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`. */
export async function openLineSight(reader: string, finder: ModelFinder, pool: AdapterPool): Promise<LineSight> {
  const nobody: TextDetector = { detect: async () => [], [Symbol.asyncDispose]: async () => undefined };
  const networks = await openTextNetworks({ detector: '', reader, textDetector: nobody }, pool, finder);
  const model = new TextModel(async () => networks, pool, settings);
  return {
    read: async (frame, quad) => {
      const [line] = await networks.reader.read(frame, [quad], { beam: settings.beam, margin: networks.margin });
      return { quad, text: line?.text ?? '', score: line?.score ?? 0 };
    },
    readNew: async (frame, quad) => {
      const [line] = await readAsShown(model, frame, [quad]);
      return line ?? { quad, text: '', score: 0 };
    },
    [Symbol.asyncDispose]: async () => {
      await model.close();
      await networks.close();
    },
  };
}

/** Whether `read-text` shows such a line. */
export function isShown({ text, score }: ReadLine): boolean {
  return isSure(text, score, settings.minScore);
}

async function readAsShown(
  model: TextModel,
  frame: VideoFrame,
  quads: readonly TextQuad[],
): Promise<readonly ReadLine[]> {
  const asked = quads.map((quad) => ({ line: undefined, quad }));
  const { result } = await model.read(frame, asked, new AbortController().signal);
  return result.map(({ quad, text, score }) => ({ quad, text: cleanText(text), score }));
}
