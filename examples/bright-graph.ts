// The same operator as a node of a graph, run as a job that can be stopped and resumed.
// Run: npx tsx examples/bright-graph.ts reel.mkv reel-denoised.mkv
import { builtinOperators, createGraph, FilmJob } from '../index.js';
import { brightnessDefinition } from './measure-brightness.js';

const [input = 'reel.mkv', output = 'reel-denoised.mkv'] = process.argv.slice(2);

const graph = createGraph(
  { name: 'denoise', chain: [{ ffmpeg: { chain: 'hqdn3d' } }, 'measure-brightness'] },
  { operators: [...builtinOperators, brightnessDefinition] },
);
const job = await FilmJob.open({ input, output, graph, preset: 'veryfast' });
process.once('SIGINT', () => job.stop());
const { complete, frames, path } = await job.run();
console.log(JSON.stringify({ complete, frames, path, nodes: job.metrics()?.nodes.map((n) => n.node) }));
