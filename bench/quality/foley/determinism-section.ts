import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import { decodeSound } from './decode-sound.js';
import { steadyShutter, writeImpactFilm } from './impact-film.js';
import { makeSound } from './make-sound.js';
import { assignmentsOf, type FoleyFigures } from './section.js';

const SECONDS = 8;

/** Whether two runs with one seed are equal, and runs with two seeds are not. */
export const determinismFigures: FoleyFigures = async (settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-same-'));
  try {
    const film = join(folder, 'film.mp4');
    await writeImpactFilm(film, SECONDS, steadyShutter('25', 25));
    const run = async (name: string, seed: number): Promise<Hashes> => {
      settings.progress(`determinism: ${name}`);
      const output = join(folder, `${name}.mp4`);
      const { path, cues } = await makeSound(film, output, [...assignmentsOf(settings), `foley.seed=${seed}`]);
      const [file, sound] = [await readFile(path), await decodeSound(path)];
      return {
        file: hash(file),
        sound: hash(new Uint8Array(sound.buffer)),
        cues: hash(Buffer.from(JSON.stringify(cues))),
      };
    };
    const [first, again, other] = [await run('first', 1), await run('again', 1), await run('other', 2)];
    const rows = (['cues', 'sound', 'file'] as const).map((what) => [
      what === 'file' ? 'the whole file' : what,
      same(first[what] === again[what]),
      same(first[what] === other[what]),
    ]);
    const isMet = first.file === again.file && first.sound !== other.sound;
    return {
      title: 'The same again',
      markdown: markdownTable(['', 'one seed, twice', 'another seed'], rows),
      notes: [
        `${SECONDS} s of the drawn hammer of \`impact-film.ts\`, bit by bit (SHA-256)`,
        `Goal: one seed, one file; another seed, another sound: ${verdict(isMet)}. What is seen does not depend on the seed`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Hashes {
  readonly file: string;
  readonly sound: string;
  readonly cues: string;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function same(isSame: boolean): string {
  return isSame ? 'the same' : 'differs';
}
