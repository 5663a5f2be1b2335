/**
 * Figures of text in pictures, as tables in Markdown: how much of it is found and read, beside public networks; how well what is painted can be read, how steady it is, and how soon it comes live.
 *
 *     python3 models/training/text/dump.py drawn/scenes/judged --out out/scenes
 *     python3 models/training/text/dump.py drawn/lines/judged --out out/lines --most 2000
 *     npm run quality:text -- [detection,reading,vertical,round-trip,steadiness,live] [--scenes out/scenes] [--lines out/lines] [--shared ../shared] [--detector text-detect-small] [--reader text-read-latin]
 *                             [--peer-detector ppocr-v3] [--peer-reader tesseract] [--most-scenes 400] [--most-lines 2000] [--write models/embedded/text-detect-small/CARD.md]
 */
import { parseArgs } from 'node:util';
import { disposeDefaultInferencePool } from '../../models/default-pool.js';
import { circumstances } from '../speed/machine.js';
import { writeMarked } from '../speed/report.js';
import { sectionMarkdown } from './pose/section.js';
import { detectionFigures } from './text/detection-section.js';
import { liveFigures } from './text/live-section.js';
import { readingFigures } from './text/reading-section.js';
import { roundTripFigures } from './text/round-trip-section.js';
import type { TextFigures } from './text/section.js';
import { steadinessFigures } from './text/steadiness-section.js';
import { verticalFigures } from './text/vertical-section.js';

/** Figures by name; in a card they are between the markers `quality:text-NAME`. */
const sections: Readonly<Record<string, TextFigures>> = {
  detection: detectionFigures,
  reading: readingFigures,
  vertical: verticalFigures,
  'round-trip': roundTripFigures,
  steadiness: steadinessFigures,
  live: liveFigures,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shared: { type: 'string', default: '../shared' },
    detector: { type: 'string', default: 'text-detect-small' },
    reader: { type: 'string', default: 'text-read-latin' },
    'peer-detector': { type: 'string', default: 'ppocr-v3' },
    'peer-reader': { type: 'string', default: 'tesseract' },
    scenes: { type: 'string' },
    lines: { type: 'string' },
    'most-scenes': { type: 'string', default: '400' },
    'most-lines': { type: 'string', default: '2000' },
    write: { type: 'string' },
  },
});

const names = positionals.length === 0 ? ['detection'] : positionals.flatMap((names) => names.split(','));
const unknown = names.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  throw new Error(`there are no figures "${unknown}"; there are ${Object.keys(sections).join(', ')}`);
}
const settings = {
  ...{ shared: values.shared, detector: values.detector, reader: values.reader, progress },
  ...{ peerDetector: values['peer-detector'], peerReader: values['peer-reader'] },
  ...{ scenes: values.scenes, lines: values.lines },
  ...{ mostScenes: Number(values['most-scenes']), mostLines: Number(values['most-lines']) },
};
try {
  for (const name of names) {
    const section = await (sections[name] as TextFigures)(settings);
    progress('');
    const markdown = sectionMarkdown(section, circumstances());
    console.log(`\n${markdown}`);
    if (values.write !== undefined) await writeMarked(values.write, `quality:text-${name}`, markdown);
  }
} finally {
  await disposeDefaultInferencePool();
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
