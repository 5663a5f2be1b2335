/** Entry of the thread that paints: keeps a painting for each stream, and writes into frames in shared memory. */
import { VideoFrame } from '../../../pipeline/index.js';
import { answerCalls } from '../../worker-calls.js';
import type { PaintFrameOrder, PaintOrder } from './painting-thread.js';
import { rehearsePainting } from './rehearse-painting.js';
import { TextPainting } from './text-painting.js';

const paintings = new Map<number, TextPainting>();

answerCalls('paint-text', (order: PaintOrder): void | Promise<void> => {
  if (order.kind === 'rehearse') return rehearsePainting(order.settings);
  if (order.kind === 'frame') paintFrame(order);
  else paintings.delete(order.stream);
});

function paintFrame({ stream, settings, buffer, properties, texts }: PaintFrameOrder): void {
  const painting = paintings.get(stream) ?? new TextPainting(settings);
  paintings.set(stream, painting);
  const frame = VideoFrame.over(buffer, properties);
  try {
    painting.see(frame, { texts });
    painting.paint(frame, { texts });
  } finally {
    frame.close();
  }
}
