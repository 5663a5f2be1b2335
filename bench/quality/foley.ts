import { count, figuresCommand, list } from './figures-command.js';
import { determinismFigures } from './foley/determinism-section.js';
import { driftFigures } from './foley/drift-section.js';
import { memoryFigures } from './foley/memory-section.js';
import { onsetFigures } from './foley/onsets-section.js';
import type { FoleySettings } from './foley/section.js';
import { speedFigures } from './foley/speed-section.js';
import { syncFigures } from './foley/sync-section.js';

await figuresCommand<FoleySettings>({
  name: 'quality:foley',
  description:
    'Figures of foley: how well impacts in real clips are seen, where their sound is in the output file, how fast that is, and whether memory is constant and results are the same again.',
  sections: {
    onsets: onsetFigures,
    sync: syncFigures,
    drift: driftFigures,
    speed: speedFigures,
    memory: memoryFigures,
    determinism: determinismFigures,
  },
  usual: 'onsets',
})
  .option('--model <model>', 'id or folder of the model', 'foley-small')
  .option('--sensitivity <0-1>', 'that of the operator, instead of its default', Number)
  .option('--rates <rates>', 'frame rates at which sync is measured, such as 25,variable', list)
  .option('--runs <count>', 'rounds in which speed is measured', count, 3)
  .parseAsync();
