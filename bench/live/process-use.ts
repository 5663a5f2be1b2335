import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process uses; NaN where this machine does not tell. */
export interface ProcessUse {
  /** User and system time so far. */
  readonly cpuSeconds: number;
  /** Resident memory, MB of 10⁶ bytes. */
  readonly megabytes: number;
  /** Open files and sockets. */
  readonly handles: number;
}

const none: ProcessUse = { cpuSeconds: Number.NaN, megabytes: Number.NaN, handles: Number.NaN };
/** Clock ticks a second, in which Linux counts CPU time. */
const TICKS = 100;

/** What a process uses now, by `/proc`; where there is none, memory only. */
export function processUse(pid: number): ProcessUse {
  try {
    // The name of the program may hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    return { cpuSeconds: (user + system) / TICKS, megabytes: (kibibytes * 1024) / 1e6, handles };
  } catch {
    return residentOnly(pid);
  }
}

function residentOnly(pid: number): ProcessUse {
  try {
    const kibibytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' }));
    return { ...none, megabytes: (kibibytes * 1024) / 1e6 };
  } catch {
    return none;
  }
}
