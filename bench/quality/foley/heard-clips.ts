import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../speed/time-command.js';

/** Debian's, which sees Debian's OpenCV. */
const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('../../../models/training/foley/heard.py', import.meta.url));

/** A clip and what its true sound says, as `models/training/foley/heard.py` prints it. */
export interface HeardClip {
  readonly path: string;
  readonly name: string;
  readonly use: 'training' | 'evaluation' | null;
  /** What sounds are voices, which nobody strikes. */
  readonly voices: boolean;
  /** Most blows cannot be told in its sound. */
  readonly unclear: boolean;
  readonly seconds: number;
  /** Seconds after the first picture. */
  readonly onsets: readonly number[];
  /** What happens and to what; null where nobody knows. */
  readonly action: string | null;
  readonly material: string | null;
  /** Motion energy of each 25th of a second. */
  readonly motion: readonly number[];
}

/** Listens to clips, and looks for motion in them. @throws Error with what the script printed when it fails */
export async function heardClips(paths: readonly string[]): Promise<readonly HeardClip[]> {
  const clips = JSON.parse(await runCommand([PYTHON, script, ...paths])) as Omit<HeardClip, 'path'>[];
  return clips.map((clip, index) => ({ ...clip, path: paths[index] as string }));
}

/** The real clips. @throws Error where they are not */
export function clipPaths(shared: string): readonly string[] {
  const folder = join(shared, 'data/foley/clips');
  if (!existsSync(folder)) throw new Error(`there is no ${folder} (--shared names the folder)`);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mp4'))
    .sort()
    .map((name) => join(folder, name));
}
