// Makes docs/images/text-translation.jpg: a drawn street as a camera that pans over it sees it, and as the graph `translate` shows it.
// Run: npx tsx scripts/text-pictures.ts
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { canvasOf } from '../bench/quality/text/plane-picture.js';
import { drawStreet, PICTURE_HEIGHT, PICTURE_WIDTH } from '../bench/quality/text/street.js';
import { panShot, streetFrames } from '../bench/quality/text/street-pan.js';
import { watchShot } from '../bench/quality/text/watch-street.js';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import { FramePool } from '../pipeline/frame-pool.js';

/** Frames that are shown, and between them. */
const MOMENTS = [70, 290];
const GRAIN = 3;
const GAP = 8;
const QUALITY = 84;

/** The moments of the street without anything done to it. */
function before(): Promise<Canvas[]> {
  const pictures: Canvas[] = [];
  return new Promise((resolve, reject) => {
    streetFrames(street, shot, new FramePool({ slots: 2, name: 'street' })).subscribe({
      next: ({ frame }) => {
        if (MOMENTS.includes(frame.index)) pictures.push(canvasOf(frame));
        frame.close();
      },
      error: reject,
      complete: () => resolve(pictures),
    });
  });
}

async function after(): Promise<Canvas[]> {
  const pictures: Canvas[] = [];
  const networks = { detector: 'text-detect-small', reader: 'text-read-latin' };
  await watchShot(street, shot, { ...networks, shared: '', progress: () => undefined }, (frame) => {
    if (MOMENTS.includes(frame.index)) pictures.push(canvasOf(frame));
  });
  return pictures;
}

const street = drawStreet();
const shot = { ...panShot(GRAIN), frames: Math.min(panShot(GRAIN).frames, Math.max(...MOMENTS) + 1) };
try {
  const rows = [await before(), await after()];
  const sheet = createCanvas(MOMENTS.length * (PICTURE_WIDTH + GAP) - GAP, 2 * (PICTURE_HEIGHT + GAP) - GAP);
  const context = sheet.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, sheet.width, sheet.height);
  rows.forEach((pictures, row) => {
    pictures.forEach((picture, column) => {
      context.drawImage(picture, column * (PICTURE_WIDTH + GAP), row * (PICTURE_HEIGHT + GAP));
    });
  });
  const path = fileURLToPath(new URL('../docs/images/text-translation.jpg', import.meta.url));
  await writeFile(path, await sheet.encode('jpeg', QUALITY));
} finally {
  await disposeDefaultInferencePool();
}
