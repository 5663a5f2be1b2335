import { readdir, readFile } from 'node:fs/promises';
import { VitascopeError } from '../pipeline/errors.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { suggestion } from '../pipeline/graph/suggest.js';
import type { OperatorDefinition } from '../pipeline/operator.js';
import { parseGraphYaml, parseYaml } from './graph-file.js';
import { presetsFolder } from './presets-folder.js';
import { builtinOperators } from './registry.js';

export interface LoadGraphOptions {
  /** Operators that the graph may name. Default: {@link builtinOperators}. */
  readonly operators?: readonly OperatorDefinition[];
}

/** A named graph that ships with the package. */
export interface GraphListing {
  readonly name: string;
  readonly description: string;
  /** Path of its YAML file. */
  readonly file: string;
}

/**
 * Loads and checks a graph: by the name of a preset, or by the path of a YAML file (anything with a slash, or ending in `.yaml` or `.yml`).
 *
 * @throws VitascopeError `GRAPH_NOT_FOUND`, or what `createGraph` throws, with file, line and column.
 */
export async function loadGraph(nameOrPath: string, options: LoadGraphOptions = {}): Promise<Graph> {
  const isPath = /[/\\]|\.ya?ml$/i.test(nameOrPath);
  const file = isPath ? nameOrPath : await presetFile(nameOrPath);
  return parseGraphYaml(await readGraphFile(file), file, options.operators ?? builtinOperators);
}

/** The presets, by name. */
export async function listGraphs(): Promise<readonly GraphListing[]> {
  const folder = presetsFolder();
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (entry) => {
      const file = `${folder}${entry}`;
      const { value } = parseYaml(await readFile(file, 'utf8'), file);
      const { description } = value as { description?: string };
      return { name: entry.replace(/\.yaml$/, ''), description: description ?? '', file };
    }),
  );
}

async function presetFile(name: string): Promise<string> {
  const presets = await listGraphs();
  const preset = presets.find((p) => p.name === name);
  if (preset !== undefined) return preset.file;
  const hint = suggestion(
    name,
    presets.map((p) => p.name),
  );
  throw new VitascopeError('GRAPH_NOT_FOUND', `no graph is called "${name}"${hint}`, { context: { name } });
}

async function readGraphFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = `graph file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new VitascopeError('GRAPH_NOT_FOUND', message, { context: { file }, cause });
  }
}
