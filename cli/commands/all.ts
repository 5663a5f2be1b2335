import type { Command } from 'commander';

/**
 * Every command, in the order of the help, and how it is loaded. Only the one that is asked for is: `process` brings FFmpeg along, which takes
 * half a second, and the doctor must be able to say that it does not load.
 */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  process: async () => (await import('./process.js')).processCommand(),
  run: async () => (await import('./run.js')).runCommand(),
  serve: async () => (await import('./serve.js')).serveCommand(),
  index: async () => (await import('./index-films.js')).indexCommand(),
  search: async () => (await import('./search.js')).searchCommand(),
  probe: async () => (await import('./probe.js')).probeCommand(),
  graphs: async () => (await import('./graphs.js')).graphsCommand(),
  models: async () => (await import('./models.js')).modelsCommand(),
  sounds: async () => (await import('./sounds.js')).soundsCommand(),
  config: async () => (await import('./config.js')).configCommand(),
  demo: async () => (await import('./demo.js')).demoCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
};

/** The commands that a command line may mean: one, if it begins with its name, none, if it asks for the version, else all of them. */
export async function commandsFor([name = '']: readonly string[]): Promise<Command[]> {
  if (name === '--version' || name === '-V') return [];
  const wanted = Object.hasOwn(loaders, name) ? [name] : Object.keys(loaders);
  return Promise.all(wanted.map((each) => (loaders[each] as () => Promise<Command>)()));
}
