import { Command } from 'commander';
import { listGraphs, loadGraph } from '../../config/load-graph.js';
import { builtinOperators } from '../../config/registry.js';
import { setOptions } from '../../config/set-options.js';
import { describeGraph } from '../../pipeline/graph/describe.js';
import { graphToMermaid } from '../../pipeline/graph/mermaid.js';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export function graphsCommand(): Command {
  const graphs = new Command('graphs').description('List, show and check the graphs that films can run through.');
  graphs
    .command('list')
    .description('The named graphs, and the operators that a graph may use.')
    .option('--json', 'as JSON')
    .action(list);
  graphs
    .command('show')
    .description('A graph as text, or as a Mermaid diagram.')
    .argument('<name|file>', 'name of a graph, or a YAML file')
    .option('-s, --set <node.option=value>', 'change an option first; may be repeated', collect, [])
    .option('--mermaid', 'as a Mermaid flowchart')
    .action(show);
  graphs
    .command('validate')
    .description('Check a graph file and say where it is wrong.')
    .argument('<file>', 'YAML file')
    .action(async (file: string) => {
      const graph = await loadGraph(file.includes('/') ? file : `./${file}`);
      const { minimum, recommended } = graph.poolSize();
      process.stdout.write(
        `${file}: graph ${graph.name} is valid (${graph.nodes.length} nodes, ${recommended} frames in flight, at least ${minimum})\n`,
      );
    });
  return graphs;
}

async function list(flags: { json?: boolean }): Promise<void> {
  const graphs = await listGraphs();
  const operators = builtinOperators.map(({ name, summary, inputs, outputs }) => ({ name, summary, inputs, outputs }));
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ graphs, operators }, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(...[...graphs, ...operators].map((g) => g.name.length));
  const lines = [
    'Graphs:',
    ...graphs.map((g) => `  ${g.name.padEnd(width)}  ${g.description}`),
    '',
    'Operators:',
    ...operators.map((o) => `  ${o.name.padEnd(width)}  ${o.summary}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function show(nameOrFile: string, flags: { set: readonly string[]; mermaid?: boolean }): Promise<void> {
  const graph = setOptions(await loadGraph(nameOrFile), flags.set, { label: '--set ' });
  process.stdout.write(flags.mermaid === true ? graphToMermaid(graph) : describeGraph(graph));
}
