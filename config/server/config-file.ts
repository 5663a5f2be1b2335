import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { VitascopeError } from '../../pipeline/errors.js';
import { suggestion } from '../../pipeline/graph/suggest.js';
import { parseYaml } from '../graph-file.js';
import { checkServerConfig } from './check-config.js';
import { keysAt } from './config-keys.js';
import { ConfigProblems } from './config-problems.js';
import { type Environment, substituteEnvironment } from './environment.js';
import { type ServerConfig, serverConfigSchema } from './server-config.js';

/** A configuration, and what of it must not be printed. */
export interface LoadedServerConfig {
  readonly config: ServerConfig;
  /** Values that came out of the environment; for `redactConfig`. */
  readonly secrets: readonly string[];
}

/**
 * Parses, completes and checks a `vitascope.yaml`. `${NAME}` in its texts is replaced by variables of the environment.
 *
 * @param file as it shall appear in messages.
 * @throws VitascopeError `CONFIG_INVALID` with file, line and column of all that is wrong.
 */
export function parseServerConfig(
  text: string,
  file: string,
  environment: Environment = process.env,
): LoadedServerConfig {
  const { value, locate } = parseYaml(text, file, 'CONFIG_INVALID');
  const problems = new ConfigProblems();
  const substituted = substituteEnvironment(value ?? {}, environment);
  for (const { path, variable } of substituted.missing) problems.add(path, `the variable ${variable} is not set`);
  problems.throwIfAny(locate);
  const result = serverConfigSchema.safeParse(substituted.value);
  if (result.success) checkServerConfig(result.data, problems);
  else for (const issue of result.error.issues) addIssue(issue, problems);
  problems.throwIfAny(locate);
  return { config: result.data as ServerConfig, secrets: substituted.secrets };
}

/** As {@link parseServerConfig}, from a file. @throws VitascopeError `CONFIG_INVALID`, also when the file cannot be read. */
export async function loadServerConfig(file: string, environment?: Environment): Promise<LoadedServerConfig> {
  return parseServerConfig(await readText(file), file, environment);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VitascopeError('CONFIG_INVALID', `configuration ${file} cannot be read: ${why}`, {
      context: { file },
      cause,
    });
  }
}

function addIssue(issue: z.core.$ZodIssue, problems: ConfigProblems): void {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code !== 'unrecognized_keys') problems.add(path, issue.message);
  else for (const key of issue.keys) problems.add([...path, key], `unknown key${suggestion(key, keysAt(path))}`, 'key');
}
