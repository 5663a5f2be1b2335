import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProbeMessage, ProbeOrder, ProbeOutcome } from './probe-protocol.js';

/** How a probe is started. */
export interface RunProbeOptions {
  /** Time for everything, milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Another program than the real one. @internal */
  readonly entry?: string | undefined;
}

/** Once the result is there, the child must end within this time. */
const END_MS = 5000;
const STDERR_BYTES = 4096;

/**
 * Tries a provider on a model in a child process. Crashes, hangs and errors there become an outcome in words; this
 * promise rejects only for `signal`, with its reason.
 */
export async function runProbe(order: ProbeOrder, options: RunProbeOptions): Promise<ProbeOutcome> {
  options.signal?.throwIfAborted();
  const child = fork(options.entry ?? probeEntry(), [], {
    // Flags of the main program, such as --inspect-brk, are not meant for the child.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // JSON has no infinity.
    serialization: 'advanced',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const watched = watch(child, options);
  child.send(order, () => undefined);
  const end = await watched;
  options.signal?.throwIfAborted();
  return outcomeOf(end);
}

/** What was seen of a child from start to end. */
interface Watched {
  readonly messages: readonly ProbeMessage[];
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The time limit came first; milliseconds since the last message. */
  readonly hungMs: number | undefined;
  readonly timeoutMs: number;
}

function watch(child: ChildProcess, { timeoutMs, signal }: RunProbeOptions): Promise<Watched> {
  return new Promise((resolve) => {
    const messages: ProbeMessage[] = [];
    let stderr = '';
    let lastAt = performance.now();
    let hungMs: number | undefined;
    const kill = (): boolean => child.kill('SIGKILL');
    const onLimit = (): void => {
      hungMs = performance.now() - lastAt;
      kill();
    };
    let timer = setTimeout(onLimit, timeoutMs);
    signal?.addEventListener('abort', kill, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_BYTES);
    });
    child.on('message', (message: ProbeMessage) => {
      messages.push(message);
      lastAt = performance.now();
      if (message.phase !== 'done' && message.phase !== 'failed') return;
      clearTimeout(timer);
      timer = setTimeout(onLimit, END_MS);
    });
    const end = (exitCode: number | null, killedBy: string | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      resolve({ messages, stderr, exitCode, signal: killedBy, hungMs, timeoutMs });
    };
    child.once('error', (error) => {
      stderr += error.message;
      if (child.pid === undefined) end(null, null);
    });
    child.once('close', end);
  });
}

function outcomeOf(end: Watched): ProbeOutcome {
  const failed = find(end.messages, 'failed');
  // A child that reports a failure may fall over afterwards; the report says more.
  if (failed !== undefined) return { works: false, kind: failed.kind, reason: withDetail(failed.reason, end.stderr) };
  const done = find(end.messages, 'done');
  if (end.hungMs !== undefined) return done === undefined ? hung(end, end.hungMs) : neverEnds();
  if (end.signal !== null || end.exitCode !== 0) return crashed(end, done !== undefined);
  if (done === undefined)
    return { works: false, kind: 'error', reason: withDetail('its test ended without a result', end.stderr) };
  return proved(end.messages, done.ms, done.maxError, false);
}

function hung(end: Watched, waitedMs: number): ProbeOutcome {
  const first = find(end.messages, 'first');
  const cpuMs = find(end.messages, 'reference')?.cpuMs ?? 0;
  // Right, and waiting for the second run has taken longer than the CPU needs: that is an answer.
  if (first !== undefined && waitedMs > cpuMs) return proved(end.messages, waitedMs, first.maxError, true);
  const seconds = Math.round(end.timeoutMs / 100) / 10;
  const cpu = cpuMs > 0 ? `; the CPU needs ${cpuMs.toFixed(1)} ms for a run` : '';
  return {
    works: false,
    kind: 'hang',
    reason: `its test was given up after ${seconds} s, ${whileDoing(end.messages)}${cpu}`,
  };
}

function neverEnds(): ProbeOutcome {
  return { works: false, kind: 'hang', reason: 'it gives the right results, but its process does not end' };
}

function crashed(end: Watched, wasDone: boolean): ProbeOutcome {
  const how = end.signal ?? (end.exitCode === null ? 'it could not be started' : `exit code ${end.exitCode}`);
  const when = wasDone ? 'at its end, after giving the right results' : whileDoing(end.messages);
  return { works: false, kind: 'crash', reason: withDetail(`its test process died ${when} (${how})`, end.stderr) };
}

function proved(messages: readonly ProbeMessage[], ms: number, maxError: number, atLeast: boolean): ProbeOutcome {
  const cpuMs = find(messages, 'reference')?.cpuMs ?? 0;
  const sessionMs = find(messages, 'session')?.sessionMs ?? 0;
  const firstMs = find(messages, 'first')?.firstMs ?? 0;
  return { works: true, proof: { maxError, ms, atLeast, cpuMs, firstMs, sessionMs } };
}

function whileDoing(messages: readonly ProbeMessage[]): string {
  const words = {
    started: 'while the CPU computed',
    reference: 'while a session was made',
    session: 'in the first run',
    first: 'in a later run',
  } as const;
  const last = messages.at(-1)?.phase;
  return last !== undefined && last in words ? words[last as keyof typeof words] : 'at its start';
}

/** The most telling line that the native libraries printed is often all there is. */
function withDetail(reason: string, stderr: string): string {
  const lines = stderr
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the runtime colours its lines.
    .replace(/\u001b\[[\d;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /fail|error|cannot|unable|terminate|abort|assert/i.test(line) && !/XDG_RUNTIME_DIR/.test(line));
  const missing = lines.findLast((line) => /cannot open shared object/.test(line)) ?? lines.at(-1);
  const library = /([\w.+-]+\.so[\w.]*): cannot open shared object/.exec(missing ?? '')?.[1];
  if (library !== undefined) return `${reason}: the library ${library} cannot be found`;
  return missing === undefined || reason.includes(missing) ? reason : `${reason}: ${missing.slice(0, 300)}`;
}

function find<P extends ProbeMessage['phase']>(
  messages: readonly ProbeMessage[],
  phase: P,
): Extract<ProbeMessage, { phase: P }> | undefined {
  return messages.find((message): message is Extract<ProbeMessage, { phase: P }> => message.phase === phase);
}

function probeEntry(): string {
  const entry = import.meta.url.endsWith('.ts') ? './probe-entry-from-source.mjs' : './probe-entry.js';
  return fileURLToPath(new URL(entry, import.meta.url));
}
