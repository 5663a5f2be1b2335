import { InvalidArgumentError } from 'commander';
import { count, figuresCommand, list } from './figures-command.js';
import { accuracyFigures } from './pose/accuracy-section.js';
import { detectorFigures } from './pose/detector-section.js';
import { peerFigures } from './pose/peer-section.js';
import type { InputSize } from './pose/pose-candidate.js';
import type { PoseSettings } from './pose/section.js';
import { steadinessFigures } from './pose/steadiness-section.js';

await figuresCommand<PoseSettings>({
  name: 'quality:pose',
  description:
    'Figures of poses: how near key points come to labels, and how steady people and their key points are in films.',
  sections: {
    accuracy: accuracyFigures,
    peer: peerFigures,
    steadiness: steadinessFigures,
    detectors: detectorFigures,
  },
  usual: 'accuracy',
  markers: { accuracy: 'quality:pose' },
})
  .option('--models <models>', 'ids, such as pose-small,posenet,rtmdet-movenet; by default all that are there', list)
  .option('--sizes <sizes>', 'further sizes for models that can be shown any, such as 257x353,513x705', sizes, [])
  .option('--every <count>', 'the network looks at every frame of so many', count, 1)
  .parseAsync();

function sizes(text: string): InputSize[] {
  return list(text).map((size) => {
    const [height, width] = size.split('x').map(Number);
    if (!(Number(height) > 0 && Number(width) > 0))
      throw new InvalidArgumentError(`expected HEIGHTxWIDTH, got "${size}".`);
    return [Number(height), Number(width)];
  });
}
