/**
 * Figures of poses, as tables in Markdown: how near key points come to labels, and how steady people and their key points are in films.
 *
 *     npm run quality:pose -- [accuracy,peer,steadiness,detectors] [--models pose-small,posenet,rtmdet-movenet] [--sizes 257x353,513x705]
 *                             [--every 1] [--shared ../shared] [--write models/embedded/pose-small/CARD.md]
 */
import { parseArgs } from 'node:util';
import { circumstances } from '../speed/machine.js';
import { writeMarked } from '../speed/report.js';
import { accuracyFigures } from './pose/accuracy-section.js';
import { detectorFigures } from './pose/detector-section.js';
import { peerFigures } from './pose/peer-section.js';
import type { InputSize } from './pose/pose-candidate.js';
import { type PoseFigures, sectionMarkdown } from './pose/section.js';
import { steadinessFigures } from './pose/steadiness-section.js';

/** What is between which markers of a card. */
const sections: Readonly<Record<string, { readonly marker: string; readonly figures: PoseFigures }>> = {
  accuracy: { marker: 'quality:pose', figures: accuracyFigures },
  peer: { marker: 'quality:pose-peer', figures: peerFigures },
  steadiness: { marker: 'quality:pose-steadiness', figures: steadinessFigures },
  detectors: { marker: 'quality:pose-detectors', figures: detectorFigures },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string' },
    sizes: { type: 'string' },
    every: { type: 'string', default: '1' },
    shared: { type: 'string', default: '../shared' },
    write: { type: 'string' },
  },
});

const names = positionals.length === 0 ? ['accuracy'] : positionals.flatMap((names) => names.split(','));
const unknown = names.find((name) => sections[name] === undefined);
if (unknown !== undefined) {
  throw new Error(`there are no figures "${unknown}"; there are ${Object.keys(sections).join(', ')}`);
}
const settings = {
  shared: values.shared,
  models: values.models?.split(','),
  sizes: values.sizes?.split(',').map(sizeOf) ?? [],
  every: Number(values.every),
  progress,
};
for (const name of names) {
  const { marker, figures } = sections[name] as (typeof sections)[string];
  const section = await figures(settings);
  progress('');
  const markdown = sectionMarkdown(section, circumstances());
  console.log(`\n${markdown}`);
  if (values.write !== undefined) await writeMarked(values.write, marker, markdown);
}

function sizeOf(text: string): InputSize {
  const [height, width] = text.split('x').map(Number);
  if (!(Number(height) > 0 && Number(width) > 0)) throw new Error(`--sizes: expected HEIGHTxWIDTH, got "${text}"`);
  return [Number(height), Number(width)];
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
