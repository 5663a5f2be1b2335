import type { AdapterPool } from '../../../models/adapters/adapter.js';
import { type LineReader, openLineReader } from '../../../models/adapters/text/line-reader.js';
import { openTextDetector, type TextDetector } from '../../../models/adapters/text/text-detector.js';
import { expectModel, findModel, type ModelFinder } from '../../library-model.js';
import { openTogether } from '../../open-together.js';
import type { ReadTextSettings } from './read-options.js';

const OPERATOR = 'read-text';

/** Room around lines that readers of boxes of other networks need, heights of a line; see `LineReadOptions.margin`. */
const MARGINS: Readonly<Record<string, number>> = { 'ctc-tesseract': 0.15 };

/** Which networks find and read text. */
export interface TextWish extends Pick<ReadTextSettings, 'detector' | 'reader'> {
  /** In the place of the models; they stay the caller's. */
  readonly textDetector?: TextDetector | undefined;
  readonly lineReader?: LineReader | undefined;
}

/** What looks at text: opened once, given back by {@link close}. */
export interface TextNetworks {
  readonly detector: TextDetector;
  readonly reader: LineReader;
  /** Heights of a line. */
  readonly margin: number;
  close(): Promise<void>;
}

/** Looks, at once, whether the models can be on this machine; see {@link expectModel}. @throws VitascopeError `MODEL_NOT_FOUND` */
export function expectTextModels({ detector, reader, textDetector, lineReader }: TextWish): void {
  if (textDetector === undefined) expectModel(OPERATOR, detector, 'text-detect');
  if (lineReader === undefined) expectModel(OPERATOR, reader, 'text-read');
}

/**
 * Finds and loads the models; nothing stays loaded when one of them fails.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`; what `InferencePool.load` throws.
 */
export async function openTextNetworks(
  { detector, reader, textDetector, lineReader }: TextWish,
  pool: AdapterPool,
  library?: ModelFinder,
): Promise<TextNetworks> {
  return openTogether(async (keep) => {
    const finder =
      textDetector ?? keep(await openTextDetector(await findModel(OPERATOR, detector, 'text-detect', library), pool));
    if (lineReader !== undefined) return { detector: finder, reader: lineReader, margin: 0 };
    const files = await findModel(OPERATOR, reader, 'text-read', library);
    const margin = MARGINS[files.entry.family] ?? 0;
    return { detector: finder, reader: keep(await openLineReader(files, pool)), margin };
  });
}
