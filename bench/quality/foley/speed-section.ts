import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clip } from '../../speed/clips.js';
import { shown, vitascope } from '../../speed/commands.js';
import { interleave, resultsOf } from '../../speed/interleave.js';
import { runCommand, timeCommand } from '../../speed/time-command.js';
import { median, medianOfPairs } from '../../statistics.js';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import type { FoleyFigures, FoleySettings } from './section.js';

const FRAMES = 4500;
const LEAST = 4;
/** As a user types it: packets of the pictures are copied. */
const COPIED = 'foley';
const ENCODED = 'foley, pictures encoded';
const ALONE = 'transcode';
const ways = [COPIED, ENCODED, ALONE] as const;

/** How many seconds of 640 × 360 film a second are given sound, beside encoding alone. */
export const speedFigures: FoleyFigures = async (settings) => {
  if (!existsSync(new URL('../../../dist/cli/main.js', import.meta.url))) throw new Error('build first: npm run build');
  const work = await mkdtemp(join(tmpdir(), 'vitascope-foley-speed-'));
  try {
    return await measure(settings, work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

async function measure({ shared, runs, model, sensitivity }: FoleySettings, work: string) {
  const source = { data: join(shared, 'data'), work: join(tmpdir(), 'vitascope-bench') };
  const film = await clip(source, { frames: FRAMES, height: 360 });
  const duration = Number(
    await runCommand(['ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', film.path]),
  );
  const more = [
    '--set',
    `foley.model=${model}`,
    ...(sensitivity === undefined ? [] : ['--set', `foley.sensitivity=${sensitivity}`]),
  ];
  const commandFor = (way: (typeof ways)[number]): string[] => {
    const output = join(work, 'out.mp4');
    if (way === ALONE) return vitascope(film.path, output, 'transcode');
    const command = vitascope(film.path, output, 'foley');
    return [...(way === COPIED ? withoutEncoder(command) : command), ...more];
  };
  const results = await interleave(
    ways.map((way) => ({ name: way, measure: () => timeCommand(commandFor(way)) })),
    runs,
  );
  const rows = ways.map((way) => {
    const times = resultsOf(results, way);
    const speed = median(times.map(({ wallSeconds }) => duration / wallSeconds));
    const cpu = median(times.map(({ cpuSeconds }) => cpuSeconds / duration));
    return { speed, cells: [way, `${speed.toFixed(1)} ×`, `${cpu.toFixed(2)} s`] };
  });
  const [encoded, alone] = [ENCODED, ALONE].map((way) => resultsOf(results, way));
  const share = medianOfPairs(encoded ?? [], alone ?? [], (a, b) => b.wallSeconds / a.wallSeconds);
  const [copiedSpeed = 0, encodedSpeed = 0] = rows.map(({ speed }) => speed);
  return {
    title: 'Speed at 640 × 360',
    markdown: markdownTable(
      ['', 'real time', 'CPU time a second of film'],
      rows.map(({ cells }) => cells),
    ),
    notes: [
      `${film.description}, ${duration.toFixed(0)} s; median of ${runs} rounds in which each runs once; start of the program included`,
      `\`${shown(commandFor(COPIED))}\`; encoded: \`${shown(commandFor(ENCODED))}\``,
      `Goal: at least ${LEAST} × real time on two cores, ${verdict(copiedSpeed >= LEAST)}; with pictures encoded ${verdict(encodedSpeed >= LEAST)}, ${share.toFixed(2)} times as fast as \`transcode\``,
    ],
  };
}

/** A command that leaves the choice of how pictures are written to the program. */
function withoutEncoder(command: readonly string[]): string[] {
  const chosen = ['--video-codec', '--preset', '--crf'];
  return command.filter((word, i) => !chosen.includes(word) && !chosen.includes(command[i - 1] ?? ''));
}
