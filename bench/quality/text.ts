import { count, figuresCommand } from './figures-command.js';
import { detectionFigures } from './text/detection-section.js';
import { liveFigures } from './text/live-section.js';
import { readingFigures } from './text/reading-section.js';
import { roundTripFigures } from './text/round-trip-section.js';
import type { TextSettings } from './text/section.js';
import { steadinessFigures } from './text/steadiness-section.js';
import { verticalFigures } from './text/vertical-section.js';

await figuresCommand<TextSettings>({
  name: 'quality:text',
  description:
    'Figures of text in pictures: how much of it is found and read, beside public networks; how well what is painted can be read, how steady it is, and how soon it comes live.',
  sections: {
    detection: detectionFigures,
    reading: readingFigures,
    vertical: verticalFigures,
    'round-trip': roundTripFigures,
    steadiness: steadinessFigures,
    live: liveFigures,
  },
  usual: 'detection',
})
  .option('--scenes <folder>', 'drawn scenes, as models/training/text/dump.py writes them')
  .option('--lines <folder>', 'drawn lines, likewise')
  .option('--detector <model>', 'id or folder of the model that finds text', 'text-detect-small')
  .option('--reader <model>', 'id or folder of the model that reads lines', 'text-read-latin')
  .option('--peer-detector <model>', 'what finding is compared with', 'ppocr-v3')
  .option('--peer-reader <model>', 'what reading is compared with', 'tesseract')
  .option('--most-scenes <count>', 'scenes that are looked at', count, 400)
  .option('--most-lines <count>', 'lines that are read', count, 2000)
  .parseAsync();
