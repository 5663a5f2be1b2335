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
import { type FoleyFigures, type FoleySettings, verdict } from './section.js';

const FRAMES = 1500;
const LEAST = 4;
const graphs = ['foley', 'transcode'] as const;

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
  const commandFor = (graph: (typeof graphs)[number]): string[] => [
    ...vitascope(film.path, join(work, `${graph}.mp4`), graph),
    ...(graph === 'foley' ? more : []),
  ];
  const results = await interleave(
    graphs.map((graph) => ({ name: graph, measure: () => timeCommand(commandFor(graph)) })),
    runs,
  );
  const rows = graphs.map((graph) => {
    const times = resultsOf(results, graph);
    const speed = median(times.map(({ wallSeconds }) => duration / wallSeconds));
    const cpu = median(times.map(({ cpuSeconds }) => cpuSeconds / duration));
    return { graph, speed, cells: [graph, `${speed.toFixed(1)} ×`, `${cpu.toFixed(2)} s`] };
  });
  const [ours, alone] = graphs.map((graph) => resultsOf(results, graph));
  const share = medianOfPairs(ours ?? [], alone ?? [], (a, b) => b.wallSeconds / a.wallSeconds);
  const speed = rows[0]?.speed ?? 0;
  return {
    title: 'Speed at 640 × 360',
    markdown: markdownTable(
      ['graph', 'real time', 'CPU time a second of film'],
      rows.map(({ cells }) => cells),
    ),
    notes: [
      `${film.description}, ${duration.toFixed(0)} s; median of ${runs} rounds in which each runs once; start of the program included`,
      `\`${shown(commandFor('foley'))}\``,
      `Goal: at least ${LEAST} × real time on two cores, ${verdict(speed >= LEAST)}; \`foley\` is ${share.toFixed(2)} times as fast as \`transcode\``,
    ],
  };
}
