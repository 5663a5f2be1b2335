/**
 * Figures of foley, as tables in Markdown: how well impacts in real clips are seen, where their sound is in the output file, how fast that is, and whether memory is
 * constant and results are the same again.
 *
 *     npm run quality:foley -- [onsets,sync,speed,memory,determinism] [--shared ../shared] [--model foley-small] [--sensitivity 0.5] [--rates 25,variable] [--runs 3]
 *                              [--write models/embedded/foley-small/CARD.md]
 */
import { parseArgs } from 'node:util';
import { disposeDefaultInferencePool } from '../../models/default-pool.js';
import { circumstances } from '../speed/machine.js';
import { writeMarked } from '../speed/report.js';
import { determinismFigures } from './foley/determinism-section.js';
import { memoryFigures } from './foley/memory-section.js';
import { onsetFigures } from './foley/onsets-section.js';
import type { FoleyFigures } from './foley/section.js';
import { speedFigures } from './foley/speed-section.js';
import { syncFigures } from './foley/sync-section.js';
import { sectionMarkdown } from './pose/section.js';

/** Figures by name; in a card they are between the markers `quality:foley-NAME`. */
const sections: Readonly<Record<string, FoleyFigures>> = {
  onsets: onsetFigures,
  sync: syncFigures,
  speed: speedFigures,
  memory: memoryFigures,
  determinism: determinismFigures,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shared: { type: 'string', default: '../shared' },
    model: { type: 'string', default: 'foley-small' },
    sensitivity: { type: 'string' },
    rates: { type: 'string' },
    runs: { type: 'string', default: '3' },
    write: { type: 'string' },
  },
});

const names = positionals.length === 0 ? ['onsets'] : positionals.flatMap((names) => names.split(','));
const unknown = names.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  throw new Error(`there are no figures "${unknown}"; there are ${Object.keys(sections).join(', ')}`);
}
const settings = {
  ...{ shared: values.shared, model: values.model, runs: Number(values.runs), progress },
  rates: values.rates?.split(','),
  sensitivity: values.sensitivity === undefined ? undefined : Number(values.sensitivity),
};
try {
  for (const name of names) {
    const section = await (sections[name] as FoleyFigures)(settings);
    progress('');
    const markdown = sectionMarkdown(section, circumstances());
    console.log(`\n${markdown}`);
    if (values.write !== undefined) await writeMarked(values.write, `quality:foley-${name}`, markdown);
  }
} finally {
  await disposeDefaultInferencePool();
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
