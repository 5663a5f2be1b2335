import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RtmpLimits, RtmpServerMetrics, RtmpServerPorts, SessionInfo } from '../../streams/rtmp-server/index.js';

const script = fileURLToPath(new URL('./rtmp-server-child.ts', import.meta.url));

/** How a server of its own process is. */
export interface RtmpServerStats {
  /** Bytes. */
  readonly rss: number;
  readonly metrics: RtmpServerMetrics;
  readonly sessions: readonly SessionInfo[];
}

/** A server of its own process, which lets everybody in, in an empty folder. */
export interface RtmpServerProcess {
  readonly ports: RtmpServerPorts;
  stats(): Promise<RtmpServerStats>;
  /** Stops it, and tells the exit code and signal, what it printed and the files it left. */
  stop(): Promise<{ exit: unknown[]; printed: string; files: string[] }>;
  printed(): string;
  /** Ends it, if it still is there, and removes the folder. */
  clean(): Promise<void>;
}

export async function rtmpServerProcess(limits: Partial<RtmpLimits> = {}): Promise<RtmpServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-test-'));
  const child = fork(script, [JSON.stringify(limits)], {
    cwd: folder,
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      printed += text;
    });
  }
  const exited = once(child, 'exit');
  const [{ ports }] = (await once(child, 'message')) as [{ ports: RtmpServerPorts }];
  return {
    ports,
    stats: async () => {
      child.send('stats');
      const [stats] = (await once(child, 'message')) as [RtmpServerStats];
      return stats;
    },
    stop: async () => {
      child.send('stop');
      return { exit: await exited, printed, files: await readdir(folder) };
    },
    printed: () => printed,
    clean: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
