import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { VitascopeError } from '../../../pipeline/index.js';
import { LineFile, type LineFileOptions } from '../../../streams/metadata/line-file.js';
import { bvhLines } from './bvh-lines.js';
import { PersonMotion } from './person-motion.js';
import type { PoseFrame } from './pose-frame.js';
import { median } from './series.js';

/** Key points less sure than this do not move the skeleton. */
const SURE = 0.2;
/** Frames whose distance in time is looked at. */
const TIMED_FRAMES = 10_000;
const DEFAULT_FRAME_US = 40_000;

/** Options of {@link BvhExport}. */
export interface BvhOptions extends LineFileOptions {
  /** Rows of the picture: BVH counts upwards from its lower edge. */
  readonly height: number;
}

/** Motion of each person in a file of its own: see {@link bvhLines}. A file begins with the frame in which its person first appears. */
export class BvhExport {
  readonly #path: string;
  readonly #options: BvhOptions;
  readonly #people = new Map<number, PersonMotion>();
  readonly #frameUs: number[] = [];
  #last: PoseFrame | undefined;

  private constructor(path: string, options: BvhOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** @throws VitascopeError `OUTPUT_EXISTS` when there is a file of any person, since nobody knows yet how many people will come. */
  static async open(path: string, options: BvhOptions): Promise<BvhExport> {
    const taken = options.overwrite ? undefined : await fileOfPerson(path);
    if (taken !== undefined)
      throw new VitascopeError('OUTPUT_EXISTS', `${taken} exists already`, { context: { path } });
    return new BvhExport(path, options);
  }

  async write(frame: PoseFrame): Promise<void> {
    if (this.#last !== undefined && frame.frame > this.#last.frame && this.#frameUs.length < TIMED_FRAMES) {
      this.#frameUs.push((frame.ptsUs - this.#last.ptsUs) / (frame.frame - this.#last.frame));
    }
    this.#last = frame;
    for (const pose of frame.poses) {
      const motion = this.#people.get(pose.id) ?? new PersonMotion(frame.frame);
      motion.add(frame.frame, pose, SURE);
      this.#people.set(pose.id, motion);
    }
  }

  /** Writes the files, one after the other. */
  async finish(): Promise<readonly string[]> {
    const frameSeconds = (median(this.#frameUs) ?? DEFAULT_FRAME_US) / 1e6;
    const paths: string[] = [];
    for (const [id, motion] of this.#people) {
      const file = await LineFile.open(personPath(this.#path, id), this.#options);
      try {
        for (const line of bvhLines(motion, { height: this.#options.height, frameSeconds })) await file.write(line);
        paths.push(await file.finish());
      } catch (error) {
        await file.discard();
        throw error;
      }
    }
    if (this.#options.overwrite) await this.#removeOthers();
    return paths;
  }

  async discard(): Promise<void> {
    this.#people.clear();
  }

  /** People of an older export, who are not in this one. */
  async #removeOthers(): Promise<void> {
    const paths = new Set([...this.#people.keys()].map((id) => basename(personPath(this.#path, id))));
    for (const name of await namesOfPeople(this.#path)) {
      if (!paths.has(name)) await rm(join(dirname(this.#path), name), { force: true });
    }
  }
}

/** `dance.person-3.bvh` for `dance.bvh`. */
export function personPath(path: string, id: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}.person-${id}${extension === '' ? '.bvh' : extension}`;
}

/** The name of a file of that export which is there already. */
export async function fileOfPerson(path: string): Promise<string | undefined> {
  const [name] = await namesOfPeople(path);
  return name;
}

/** A folder that cannot be read has none; writing says what is wrong with it. */
async function namesOfPeople(path: string): Promise<readonly string[]> {
  const extension = extname(path);
  const start = `${basename(path, extension)}.person-`;
  const end = extension || '.bvh';
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter(
    (name) => name.startsWith(start) && name.endsWith(end) && /^\d+$/.test(name.slice(start.length, -end.length)),
  );
}
