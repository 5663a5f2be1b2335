import type { Command } from 'commander';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor.js';
import { graphsCommand } from './graphs.js';
import { modelsCommand } from './models.js';
import { probeCommand } from './probe.js';
import { processCommand } from './process.js';

/** Every command, in the order of the help. */
export function allCommands(): Command[] {
  return [processCommand(), probeCommand(), graphsCommand(), modelsCommand(), demoCommand(), doctorCommand()];
}
