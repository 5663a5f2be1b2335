import { VitascopeError } from '../pipeline/index.js';

/** Exit codes of the command: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C. */
export const exitCodes = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

const usageCodes = new Set([
  'OPTION_INVALID',
  'GRAPH_INVALID',
  'GRAPH_NOT_FOUND',
  'GRAPH_TYPE',
  'GRAPH_CYCLE',
  'GRAPH_UNKNOWN_OPERATOR',
  'CONFIG_INVALID',
  'CONTAINER_UNKNOWN',
  'ENCODER_UNKNOWN',
  'OUTPUT_EXISTS',
  'MODEL_LICENCE',
]);

/** Prints an error for a person, or as one JSON line for a program, and sets the exit code. */
export function reportError(error: unknown, asJson: boolean): void {
  const known = error instanceof VitascopeError;
  const message = error instanceof Error ? error.message : String(error);
  process.exitCode = known && usageCodes.has(error.code) ? exitCodes.usage : exitCodes.failed;
  if (asJson) {
    const body = known ? { code: error.code, context: error.context } : { code: 'UNEXPECTED', context: {} };
    process.stdout.write(`${JSON.stringify({ type: 'error', message, ...body })}\n`);
    return;
  }
  process.stderr.write(`vitascope: ${message}${known ? ` [${error.code}]` : ''}\n`);
  if (!known && error instanceof Error && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
}
