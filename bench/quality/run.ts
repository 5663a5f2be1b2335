/**
 * Measures what `colorize` makes: on photographs, how near it comes to their true colours; on films, how much it flickers.
 *
 *     npm run quality -- --data ../shared/data [--detail 96] [--temporal 0.9] [--saturation 1.4] [--model …] [--every-photo 1]
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferencePool } from '../../models/inference-pool.js';
import type { ColorizeOptions } from '../../operators/colorize/colorize.js';
import { findModelFolder } from '../../operators/colorize/model-folder.js';
import { filmFlicker, listFilms } from './film-flicker.js';
import { listPhotos, PHOTO_SHORT_SIDE, photoQuality } from './photo-quality.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    detail: { type: 'string' },
    temporal: { type: 'string' },
    saturation: { type: 'string' },
    model: { type: 'string' },
    'every-photo': { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

function colorizeOptionsOf(pool: InferencePool): ColorizeOptions {
  const { detail, temporal, saturation, model } = values;
  return {
    pool,
    ...(detail === undefined ? {} : { detail: Number(detail) }),
    ...(temporal === undefined ? {} : { temporal: Number(temporal) }),
    ...(saturation === undefined ? {} : { saturation: Number(saturation) }),
    ...(model === undefined ? {} : { model }),
  };
}

async function measurePhotos(data: string, options: ColorizeOptions): Promise<void> {
  const folders = ['val', 'test'].map((part) => join(data, 'photos', 'bsds500', part));
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) return skip('photographs', missing);
  const every = Number(values['every-photo']);
  const photos = (await listPhotos(folders)).filter((_, i) => i % every === 0);
  const rows = await photoQuality(photos, options, (done) => progress(`photograph ${done}/${photos.length}`));
  progress('');
  console.log(
    `\n${photos.length} photographs of bsds500 val and test, short side ${PHOTO_SHORT_SIDE}; PSNR higher, CIEDE2000 lower is nearer`,
  );
  console.log(`${''.padEnd(20)}${'PSNR dB'.padStart(9)}${'CIEDE2000'.padStart(11)}${'colourfulness'.padStart(15)}`);
  for (const { name, psnr, ciede2000, colorfulness } of rows) {
    const decibels = Number.isFinite(psnr) ? psnr.toFixed(2) : '∞';
    console.log(
      `${name.padEnd(20)}${decibels.padStart(9)}${ciede2000.toFixed(2).padStart(11)}${colorfulness.toFixed(1).padStart(15)}`,
    );
  }
}

async function measureFilms(data: string, options: ColorizeOptions): Promise<void> {
  const folder = join(data, 'film');
  if (!existsSync(folder)) return skip('films', folder);
  console.log('\nmean absolute chroma change between successive frames where luma is static, codes');
  console.log(
    `${'film'.padEnd(24)}${'frames'.padStart(7)}${'steadied'.padStart(10)}${'not'.padStart(8)}${'ratio'.padStart(8)}`,
  );
  for (const film of await listFilms(folder)) {
    progress(basename(film));
    const { frames, steadied, unsteadied } = await filmFlicker(film, options);
    progress('');
    const ratio = steadied === 0 ? '' : (unsteadied / steadied).toFixed(1);
    console.log(
      `${basename(film).padEnd(24)}${String(frames).padStart(7)}${steadied.toFixed(3).padStart(10)}${unsteadied.toFixed(3).padStart(8)}${ratio.padStart(8)}`,
    );
  }
}

function skip(what: string, path: string): void {
  console.log(`\n${what}: skipped, there is no ${path} (--data names the folder that holds photos/ and film/)`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const data = values.data ?? '../shared/data';
await using pool = new InferencePool();
const options = colorizeOptionsOf(pool);
console.log(
  `colorize quality; commit ${commit()}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`,
);
// Held open, since every photograph is a film of its own and would load the network anew.
await using _network = await pool.load(findModelFolder(options.model ?? 'colorize-small').source('model.onnx'));
if (values.only !== 'films') await measurePhotos(data, options);
if (values.only !== 'photos') await measureFilms(data, options);
