import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { FramePool } from '../../../../pipeline/frame-pool.js';
import { VideoFrame } from '../../../../pipeline/video-frame.js';
import { openFile } from '../../../../streams/file/open-file.js';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** A file or folder of the shared material, which need not be there. */
export function shared(...path: string[]): string {
  return join(repository, '../shared', ...path);
}

/** True when all of these are there. */
export function haveShared(...paths: string[]): boolean {
  return paths.every((path) => existsSync(shared(path)));
}

/** The picture in a file, which the caller must close. */
export async function still(path: string): Promise<VideoFrame> {
  const film = await openFile(path);
  return (await firstValueFrom(film.video)).frame;
}

/** The same picture in ten bits; the caller must close it. */
export function widened(frame: VideoFrame): VideoFrame {
  const pixelFormat = `${frame.pixelFormat}10` as VideoFrame['pixelFormat'];
  const wide = VideoFrame.tryCreate(new FramePool({ slots: 1 }), { ...propertiesOf(frame), pixelFormat });
  if (wide === undefined) throw new Error('a fresh pool has a slot');
  for (const plane of [0, 1, 2] as const) {
    const [from, to] = [frame.plane(plane), wide.plane(plane)];
    from.forEach((value, i) => {
      to[i] = frame.color.range === 'pc' ? Math.round((value * 1023) / 255) : value * 4;
    });
  }
  return wide;
}

function propertiesOf({ width, height, sampleAspectRatio, color, ptsUs, durationUs, index, fieldOrder }: VideoFrame) {
  return { width, height, sampleAspectRatio, color, ptsUs, durationUs, index, fieldOrder };
}
