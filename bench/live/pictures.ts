import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClipSource, clip } from '../speed/clips.js';
import { runCommand } from '../speed/time-command.js';

export const [WIDTH, HEIGHT, FRAME_RATE] = [1280, 720, 30];
/** Two seconds, which take 55 MB. */
const PICTURES = 60;

/** A file of luma planes of a moving scene, 1280×720. */
export async function lumaPictures(
  source: ClipSource,
): Promise<{ readonly path: string; readonly description: string }> {
  const { path: film, description } = await clip(source, { frames: PICTURES, gray: true });
  const path = join(source.work, `${description.startsWith('woman') ? 'walk' : 'pattern'}-${PICTURES}.luma`);
  if (!existsSync(path)) {
    const filter = `fps=${FRAME_RATE},scale=${WIDTH}:${HEIGHT},format=gray`;
    const output = ['-an', '-vf', filter, '-frames:v', `${PICTURES}`, '-f', 'rawvideo', `${path}.new`];
    await runCommand(['ffmpeg', '-v', 'error', '-y', '-i', film, ...output]);
    await rename(`${path}.new`, path);
  }
  return { path, description: `${description.replace(/ \d+ times.*/, '')}, grey, ${WIDTH}×${HEIGHT} at ${FRAME_RATE}` };
}
