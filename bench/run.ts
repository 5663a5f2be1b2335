/**
 * Measures speed and memory side by side with what one would use instead, and prints a table in Markdown.
 *
 *     npm run build && npm run bench -- [--only transcode,restore,opencv,memory,pool,pose,live] [--data ../shared/data] [--runs 3] [--frames 1200]
 *                                       [--minutes 10] [--seconds 60] [--write docs/performance.md]
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { liveBenches, longLiveBenches } from './live.js';
import type { Bench } from './speed/bench.js';
import { memoryBench } from './speed/memory.js';
import { opencvBench } from './speed/opencv-peer.js';
import { poolBench } from './speed/pool-overhead.js';
import { poseBench } from './speed/pose.js';
import { toMarkdown, writeSection } from './speed/report.js';
import { restoreBench } from './speed/restore.js';
import { transcodeBench } from './speed/transcode.js';

const usual: Readonly<Record<string, Bench>> = {
  transcode: transcodeBench,
  restore: restoreBench,
  opencv: opencvBench,
  memory: memoryBench,
  pool: poolBench,
  pose: poseBench,
  ...liveBenches,
};
const benches: Readonly<Record<string, Bench>> = { ...usual, ...longLiveBenches };

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string', default: '../shared/data' },
    runs: { type: 'string', default: '3' },
    frames: { type: 'string', default: '1200' },
    minutes: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    write: { type: 'string' },
  },
});

const named = values.only?.split(',') ?? Object.keys(usual);
const names = named.flatMap((name) => (name === 'live' ? Object.keys(liveBenches) : name));
const unknown = names.find((name) => benches[name] === undefined);
if (unknown !== undefined)
  throw new Error(`there is no benchmark "${unknown}"; there are ${Object.keys(benches).join(', ')}`);
if (!existsSync(new URL('../dist/cli/main.js', import.meta.url))) throw new Error('build first: npm run build');

const clips = join(tmpdir(), 'vitascope-bench');
await mkdir(clips, { recursive: true });
const work = await mkdtemp(join(clips, 'run-'));
try {
  for (const name of names) {
    const section = await (benches[name] as Bench)({
      source: { data: values.data, work: clips },
      work,
      runs: Number(values.runs),
      frames: Number(values.frames),
      minutes: values.minutes === undefined ? undefined : Number(values.minutes),
      seconds: Number(values.seconds),
    });
    console.log(`\n${toMarkdown(section)}`);
    if (values.write !== undefined) await writeSection(values.write, section);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
