import { Command } from 'commander';
import { stringify } from 'yaml';
import { loadGraph } from '../../config/load-graph.js';
import { loadServerConfig } from '../../config/server/config-file.js';
import { documentedConfig } from '../../config/server/document-config.js';
import { redactConfig } from '../../config/server/redact.js';
import type { ServerConfig } from '../../config/server/server-config.js';
import { setOptions } from '../../config/set-options.js';
import { signCommand } from './config-sign.js';

const FILE = 'vitascope.yaml';

export function configCommand(): Command {
  const config = new Command('config').description(
    'Check and show the configuration of the live server, `vitascope serve`, and sign URLs with it.',
  );
  config
    .command('check')
    .description('Check a configuration, with the graphs it names, and say where it is wrong.')
    .argument('[file]', 'YAML file', FILE)
    .action(check);
  config
    .command('show')
    .description('The configuration with all defaults filled in, without secrets.')
    .argument('[file]', 'YAML file', FILE)
    .option('--json', 'as JSON')
    .action(show);
  config
    .command('defaults')
    .description('A configuration file with every key, its meaning and its default.')
    .action(() => void process.stdout.write(documentedConfig()));
  config.addCommand(signCommand(FILE));
  return config;
}

async function check(file: string): Promise<void> {
  const { config } = await loadServerConfig(file);
  await checkGraphs(config);
  const counts = `${config.routes.length} routes, ${config.sources.length} sources`;
  process.stdout.write(`${file}: valid (${counts})\n`);
}

async function checkGraphs({ routes, sources }: ServerConfig): Promise<void> {
  for (const { graph, options } of [...routes, ...sources]) setOptions(await loadGraph(graph), options);
}

async function show(file: string, flags: { json?: boolean }): Promise<void> {
  const { config, secrets } = await loadServerConfig(file);
  const shown = redactConfig(config, secrets);
  process.stdout.write(flags.json === true ? `${JSON.stringify(shown, undefined, 2)}\n` : stringify(shown));
}
