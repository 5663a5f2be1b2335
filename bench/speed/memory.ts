import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median, slope } from '../statistics.js';
import type { Bench, BenchSettings } from './bench.js';
import { clip } from './clips.js';
import { shown, vitascope } from './commands.js';
import { circumstances } from './machine.js';
import { type MemorySample, sampleMemory } from './memory-samples.js';
import type { Row } from './report.js';

/** More than any machine makes of it, so that the film is longer than the measurement. */
const FRAMES_A_SECOND = 120;
const MINUTES = 10;
const MOST_GROWTH = 1;
const HEIGHTS = [360, 720, 1080];
/** How long each resolution is watched, and from when on it counts as settled. */
const GLANCE_MINUTES = 0.75;
const SETTLED_MINUTE = 0.4;

/** Resident memory of `restore` through a long film, and at several resolutions. */
export const memoryBench: Bench = async (settings) => {
  const { film, command, samples } = await watch(settings, 720, settings.minutes ?? MINUTES);
  const settled = samples.filter(({ minute }) => minute >= 1);
  const growth = slope(settled.map(({ minute, megabytes }) => ({ x: minute, y: megabytes })));
  const peak = Math.max(...samples.map(({ megabytes }) => megabytes));
  const last = samples.at(-1)?.minute ?? 0;
  const glances: Row[] = [];
  for (const height of HEIGHTS) glances.push(await glance(settings, height));
  return {
    name: 'memory',
    title: 'Memory of restore',
    circumstances: circumstances(),
    rows: [
      {
        measured: `growth of resident memory from minute 1 to minute ${last.toFixed(1)}, 720p`,
        ours: `${growth.toFixed(2)} MB a minute`,
        reference: '',
        ratio: '',
        goal: `under ${MOST_GROWTH} MB a minute`,
        met: growth < MOST_GROWTH,
      },
      { measured: 'peak, 720p', ours: `${peak.toFixed(0)} MB`, reference: '', ratio: '', goal: '' },
      ...glances,
    ],
    notes: [
      film.description,
      `\`${shown(command)}\``,
      `720p, minute by minute: ${byMinute(settled)}`,
      `Resolutions: the median between second ${SETTLED_MINUTE * 60} and ${GLANCE_MINUTES * 60} of a run`,
    ],
  };
};

async function watch({ source, work }: BenchSettings, height: number, minutes: number) {
  const film = await clip(source, { frames: minutes * 60 * FRAMES_A_SECOND, height, gray: true });
  const output = join(work, `memory-${height}.mp4`);
  const command = vitascope(film.path, output, 'restore');
  try {
    process.stderr.write(`memory: ${height}p for ${minutes} minutes\n`);
    return { film, command, samples: await sampleMemory(command, minutes) };
  } finally {
    await rm(`${output}.vitascope`, { recursive: true, force: true });
    await rm(output, { force: true });
  }
}

async function glance(settings: BenchSettings, height: number): Promise<Row> {
  const { samples } = await watch(settings, height, GLANCE_MINUTES);
  const settled = samples.filter(({ minute }) => minute >= SETTLED_MINUTE).map(({ megabytes }) => megabytes);
  return { measured: `at ${height}p`, ours: `${median(settled).toFixed(0)} MB`, reference: '', ratio: '', goal: '' };
}

/** The median of each minute. */
function byMinute(samples: readonly MemorySample[]): string {
  const minutes = new Map<number, number[]>();
  for (const { minute, megabytes } of samples) {
    const whole = Math.floor(minute);
    minutes.set(whole, [...(minutes.get(whole) ?? []), megabytes]);
  }
  return [...minutes].map(([minute, values]) => `${minute}: ${median(values).toFixed(0)}`).join(', ');
}
