import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Ticks of the kernel's clock in `/proc`, milliseconds. */
const TICK_MS = 10;

/** What processors have done since something began. */
export interface CpuShares {
  /** Share of the time of all processors that the host of a virtual machine gave to others, 0–1. */
  readonly stolen: number;
  /** Share of one processor that the main thread of this process had, 0–1. */
  readonly mainThread: number;
}

/**
 * Begins to watch what processors do.
 *
 * @returns what they have done since then; nothing where there is no Linux to tell.
 * @see proc(5): `/proc/stat`, `/proc/PID/task/TID/stat`
 */
export function watchCpu(): () => CpuShares | undefined {
  const [begun, before] = [performance.now(), cpuTimes()];
  return () => {
    const [after, passedMs] = [cpuTimes(), performance.now() - begun];
    if (before === undefined || after === undefined) return undefined;
    return {
      stolen: (after.stolenMs - before.stolenMs) / (passedMs * availableParallelism()),
      mainThread: (after.mainThreadMs - before.mainThreadMs) / passedMs,
    };
  };
}

function cpuTimes(): { readonly stolenMs: number; readonly mainThreadMs: number } | undefined {
  try {
    // "cpu" user nice system idle iowait irq softirq steal
    const total = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? [];
    const thread = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    // After the name, which may have spaces: the fields from the third on; the 14th and 15th are user and system time.
    const fields = thread.slice(thread.lastIndexOf(')') + 2).split(' ');
    return {
      stolenMs: Number(total[8]) * TICK_MS,
      mainThreadMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    };
  } catch {
    return undefined;
  }
}
