import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadGraph } from '../../config/load-graph.js';
import { previewFilm } from '../../jobs/preview.js';
import { FilmJob } from '../../jobs/process-film.js';
import { renderDemoFilm } from '../demo/render-film.js';
import { ProgressEstimator } from '../progress/estimate.js';
import { showProgress } from '../progress/show-progress.js';

export function demoCommand(): Command {
  return new Command('demo')
    .description('Render a short black-and-white film, colour it, and show before and after.')
    .option('-o, --output <folder>', 'folder for the three files', 'out/demo')
    .action(async ({ output }: { output: string }) => runDemo(output));
}

async function runDemo(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [film, coloured, sheet] = ['demo.mkv', 'demo-colour.mp4', 'demo-before-after.png'].map((n) =>
    join(folder, n),
  ) as [string, string, string];
  say('1/3  rendering a black-and-white film of nine seconds');
  await renderDemoFilm(film);
  say('2/3  running it through the graph "restore"');
  await restore(film, coloured);
  say('3/3  putting moments before and after beside each other');
  await previewFilm({ input: film, graph: await loadGraph('restore'), output: sheet, moments: 4 });
  say(`
The film:       ${film}
In colour:      ${coloured}
Before, after:  ${sheet}

Try next:
  npx vitascope process ${film} -o out/demo/strong.mp4 --set colorize.saturation=2
  npx vitascope process YOUR-FILM.mkv --preview before-after.png
  npx vitascope process YOUR-FILM.mkv -o your-film-colour.mkv
  npx vitascope graphs show restore`);
}

async function restore(input: string, output: string): Promise<void> {
  const view = showProgress('auto');
  let estimator: ProgressEstimator | undefined;
  const job = await FilmJob.open({
    input,
    output,
    graph: await loadGraph('restore'),
    overwrite: true,
    restart: true,
    onProgress: (progress) => {
      if (estimator !== undefined) view.update(estimator.update(progress));
    },
  });
  const { durationUs, video } = job.info;
  estimator = new ProgressEstimator({ fromUs: 0, toUs: durationUs, totalFrames: video?.frames?.count });
  try {
    await job.run();
  } finally {
    view.end();
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
