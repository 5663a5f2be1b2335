import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type ProcessUse, processUse } from './process-use.js';

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const START_MS = 60_000;

/** A stream as `GET /api/streams` shows it, as far as it is looked at. */
export interface StreamStatus {
  readonly name: string;
  readonly state: string;
  readonly pid: number | null;
  readonly restarts: number;
  readonly words: readonly string[];
  readonly metrics: {
    readonly input: { readonly framesIn: number; readonly framesDropped: number };
    readonly renditions: readonly { readonly framesEncoded: number }[];
    readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  } | null;
}

/** What the server and the processes of its streams use. */
export interface ServerUse {
  readonly server: ProcessUse;
  /** All of them together. */
  readonly streams: ProcessUse;
}

/** `vitascope serve`, as its user runs it, on free ports. */
export class BenchServer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly rtmp: string;
  readonly http: string;

  private constructor(child: ChildProcess, rtmp: string, http: string) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    this.rtmp = rtmp;
    this.http = http;
  }

  /**
   * @param graph What published streams run through.
   * @param work Folder for its configuration and its log.
   */
  static async start(graph: string, work: string): Promise<BenchServer> {
    const file = join(work, `serve-${graph}.yaml`);
    const limits = { connectionsPerMinute: 100_000, requestsPerMinute: 1_000_000, players: 1000 };
    await writeFile(file, stringify({ routes: [{ path: 'live/*', graph }], limits }));
    const args = [cli, 'serve', '--config', file, '--rtmp-port', '0', '--http-port', '0'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.pipe(createWriteStream(join(work, `serve-${graph}.log`)));
    const [rtmp, http] = await addresses(child);
    return new BenchServer(child, rtmp, http);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  publishUrl(name: string): string {
    return `${this.rtmp}/live/${name}`;
  }

  /** Where the processed stream is watched. */
  watchUrl(name: string, by: 'rtmp' | 'http-flv' | 'hls'): string {
    if (by === 'rtmp') return `${this.rtmp}/live/${name}.out`;
    return by === 'hls' ? `${this.http}/hls/${name}/index.m3u8` : `${this.http}/live/${name}.flv`;
  }

  async streams(): Promise<readonly StreamStatus[]> {
    const answer = await fetch(`${this.http}/api/streams`);
    return (await answer.json()) as StreamStatus[];
  }

  /** Waits until streams run and have counted pictures. @throws Error when they do not in time. */
  async untilRunning(names: readonly string[], limitMs = START_MS): Promise<void> {
    for (const untilMs = performance.now() + limitMs; performance.now() < untilMs; await sleep(250)) {
      const streams = await this.streams();
      const running = names.filter((name) =>
        streams.some(
          (each) => each.name === name && each.state === 'running' && (each.metrics?.input.framesIn ?? 0) > 0,
        ),
      );
      if (running.length === names.length) return;
      if (this.#child.exitCode !== null) throw new Error(`vitascope serve ended with ${this.#child.exitCode}`);
    }
    throw new Error(
      `not all of ${names.join(', ')} run after ${limitMs / 1000} s: ${JSON.stringify(await this.streams())}`,
    );
  }

  async use(): Promise<ServerUse> {
    const pids = (await this.streams()).flatMap(({ pid }) => pid ?? []);
    const each = pids.map(processUse);
    const sum = (value: (use: ProcessUse) => number): number => each.reduce((total, use) => total + value(use), 0);
    const streams = {
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      megabytes: sum(({ megabytes }) => megabytes),
      handles: sum(({ handles }) => handles),
    };
    return { server: processUse(this.pid), streams };
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const giveUp = setTimeout(() => this.#child.kill('SIGKILL'), 30_000);
    await this.#ended;
    clearTimeout(giveUp);
  }
}

/** What it prints: where to publish, and its HTTP address. */
async function addresses(child: ChildProcess): Promise<[rtmp: string, http: string]> {
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    const rtmp = /(rtmp:\/\/[^/\s]+)\//.exec(printed)?.[1];
    const http = /Page and API\s+(http:\/\/[^/\s]+)\//.exec(printed)?.[1];
    if (rtmp !== undefined && http !== undefined) return [rtmp, http];
  }
  throw new Error(`vitascope serve did not start:\n${printed}`);
}
