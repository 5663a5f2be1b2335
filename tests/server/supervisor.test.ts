import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { StreamProcessState, StreamProcessStatus } from '../../server/stream-process.js';
import { Supervisor, type SupervisorOptions } from '../../server/supervisor.js';
import { HandClock } from '../helpers/hand-clock.js';

const entry = fileURLToPath(new URL('../fixtures/children/stream.mjs', import.meta.url));
const connected = fileURLToPath(new URL('../fixtures/children/connected-stream.mjs', import.meta.url));
const parent = fileURLToPath(new URL('../fixtures/children/parent.mjs', import.meta.url));

const supervisors: { supervisor: Supervisor; clock: HandClock }[] = [];

function supervise(options: Partial<SupervisorOptions> = {}) {
  const clock = new HandClock();
  const seen: StreamProcessStatus[] = [];
  const waiters = new Set<() => void>();
  const supervisor = new Supervisor({
    entry,
    clock,
    random: () => 0,
    streams: 2,
    hangMs: 10_000,
    startMs: 60_000,
    restartFirstMs: 500,
    restartMaxMs: 30_000,
    stableMs: 60_000,
    drainMs: 1000,
    killMs: 500,
    memoryMb: 100,
    ...options,
    onChange: (status) => {
      seen.push(status);
      for (const look of [...waiters]) look();
    },
  });
  supervisors.push({ supervisor, clock });
  let read = 0;
  /** The next change to a state that has not been awaited yet. */
  const next = (state: StreamProcessState): Promise<StreamProcessStatus> =>
    new Promise((resolve) => {
      const look = (): void => {
        while (read < seen.length) {
          const status = seen[read++];
          if (status?.state !== state) continue;
          waiters.delete(look);
          resolve(status);
          return;
        }
      };
      waiters.add(look);
      look();
    });
  return { supervisor, clock, next };
}

/** True when no process has this id. */
function isGone(pid: number | null | undefined): boolean {
  try {
    process.kill(pid as number, 0);
    return false;
  } catch {
    return true;
  }
}

afterEach(async () => {
  for (const { supervisor, clock } of supervisors.splice(0)) {
    const closed = supervisor.close();
    clock.turn(1000);
    clock.turn(500);
    await closed;
  }
});

describe('a supervised stream', () => {
  it('runs in a process of its own, and tells of its memory and metrics', async () => {
    const { supervisor, next } = supervise();
    supervisor.start('cam', {});
    const { pid } = await next('running');
    expect(pid).not.toBe(process.pid);
    expect(supervisor.status('cam')).toMatchObject({ words: 'runs', restarts: 0, rssBytes: 1, metrics: { frames: 7 } });
  });

  it('is started anew after a crash, later each time', async () => {
    const { supervisor, clock, next } = supervise();
    supervisor.start('cam', { crash: true });
    for (const waitMs of [500, 1000, 2000]) {
      const status = await next('waiting');
      expect(status.words).toBe('is started anew soon: it exited with code 3');
      expect(clock.nextInMs).toBe(waitMs);
      clock.turn(waitMs);
    }
    expect((await next('waiting')).restarts).toBe(3);
  });

  it('is started anew after SIGKILL', async () => {
    const { supervisor, clock, next } = supervise();
    supervisor.start('cam', {});
    const { pid } = await next('running');
    process.kill(pid as number, 'SIGKILL');
    expect((await next('waiting')).lastFailure).toBe('it was ended by SIGKILL');
    clock.turn(500);
    const again = await next('running');
    expect(again.pid).not.toBe(pid);
    expect(again.words).toBe('runs, after 1 restart; the last time it was ended by SIGKILL');
  });

  it('goes on with what its operators counted, and forgets its gauges until it tells them anew', async () => {
    const { supervisor, clock, next } = supervise();
    const figures = [
      { name: 'crossings_total', type: 'counter', labels: { line: 'door' }, value: 4 },
      { name: 'people', type: 'gauge', labels: {}, value: 2 },
    ];
    supervisor.start('cam', { metrics: { runner: { nodes: [{ node: 'count', figures }] } } });
    const { pid, figures: first } = await next('running');
    const figuresAt = (figures: readonly { name: string; value: number }[]) =>
      figures.map(({ name, value }) => [name, value]);
    expect(figuresAt(first)).toEqual([
      ['people', 2],
      ['crossings_total', 4],
    ]);
    process.kill(pid as number, 'SIGKILL');
    expect(figuresAt((await next('waiting')).figures)).toEqual([['crossings_total', 4]]);
    clock.turn(500);
    expect(figuresAt((await next('running')).figures)).toEqual([
      ['people', 2],
      ['crossings_total', 8],
    ]);
  });

  it('is started anew when it hangs, and the one that hung is gone', async () => {
    const { supervisor, clock, next } = supervise();
    supervisor.start('cam', {});
    const { pid } = await next('running');
    process.kill(pid as number, 'SIGSTOP');
    clock.turn(10_000);
    expect((await next('waiting')).lastFailure).toBe('it gave no sign of life for 10000 ms');
    expect(isGone(pid)).toBe(true);
  });

  it('is started anew when it does not come to life', async () => {
    const { supervisor, clock, next } = supervise();
    supervisor.start('cam', { silent: true });
    clock.turn(60_000);
    expect((await next('waiting')).lastFailure).toBe('it did not start within 60000 ms');
  });

  it('is started anew when it uses too much memory', async () => {
    const { supervisor, next } = supervise();
    supervisor.start('cam', { rssBytes: 200 * 1_048_576 });
    expect((await next('waiting')).lastFailure).toBe('it used 200 MB, allowed are 100');
  });

  it('waits no longer than at first once it has run well for a while', async () => {
    const { supervisor, clock, next } = supervise({ stableMs: 0 });
    supervisor.start('cam', {});
    for (const restarts of [0, 1, 2]) {
      const { pid } = await next('running');
      process.kill(pid as number, 'SIGKILL');
      expect((await next('waiting')).restarts).toBe(restarts);
      clock.turn(clock.nextInMs ?? 0);
    }
    expect(supervisor.status('cam')?.restarts).toBe(3);
  });

  it('that says bye is not started anew', async () => {
    const { supervisor, next } = supervise();
    supervisor.start('cam', { bye: 'the source is over' });
    expect((await next('ended')).words).toBe('has ended: the source is over');
    expect(supervisor.statuses()).toEqual([]);
  });
});

describe('stopping a stream', () => {
  it('lets it end its work', async () => {
    const { supervisor, next } = supervise();
    supervisor.start('cam', {});
    const { pid } = await next('running');
    await supervisor.stop('cam');
    expect(isGone(pid)).toBe(true);
    expect((await next('ended')).words).toBe('has ended: drained');
  });

  it('ends one that does not listen with SIGTERM, and one that ignores that with SIGKILL', async () => {
    for (const ignoreTerm of [false, true]) {
      const { supervisor, clock, next } = supervise();
      supervisor.start('cam', { ignoreDrain: true, ignoreTerm });
      const { pid } = await next('running');
      const stopped = supervisor.stop('cam');
      clock.turn(1000);
      if (ignoreTerm) clock.turn(500);
      await stopped;
      expect(isGone(pid)).toBe(true);
    }
  });

  it('ends one that waits for its restart at once', async () => {
    const { supervisor, clock, next } = supervise();
    supervisor.start('cam', { crash: true });
    await next('waiting');
    await supervisor.stop('cam');
    expect(clock.nextInMs).toBeUndefined();
  });

  it('is nothing for a stream that is not there', async () => {
    await supervise().supervisor.stop('nobody');
  });
});

describe('the process of a stream', () => {
  it('says hello, and bye when it has drained', async () => {
    const { supervisor, next } = supervise({ entry: connected });
    supervisor.start('cam', {});
    await next('running');
    await supervisor.stop('cam');
    expect((await next('ended')).words).toBe('has ended: it was asked to');
  });

  it('logs why it cannot start, and exits', async () => {
    const logged: string[] = [];
    const { supervisor, next } = supervise({
      entry: connected,
      onLog: (name, level, message) => logged.push(`${name} ${level} ${message}`),
    });
    supervisor.start('cam', { fail: true });
    expect((await next('waiting')).lastFailure).toBe('it exited with code 1');
    expect(logged).toEqual(['cam error no such camera']);
  });
});

describe('a supervisor', () => {
  it('refuses a stream too many, a name that is taken, and everything once it is closed', async () => {
    const { supervisor, next } = supervise();
    supervisor.start('a', {});
    expect(() => supervisor.start('a', {})).toThrow(expect.objectContaining({ code: 'STREAM_EXISTS' }));
    supervisor.start('b', {});
    expect(() => supervisor.start('c', {})).toThrow(expect.objectContaining({ code: 'STREAM_LIMIT' }));
    await next('running');
    await next('running');
    await supervisor.close();
    expect(() => supervisor.start('a', {})).toThrow(expect.objectContaining({ code: 'ABORTED' }));
  });

  it('that is killed leaves no stream behind', async () => {
    const host = spawn(process.execPath, [parent, connected], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(host.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isGone(pid)).toBe(false);
    host.kill('SIGKILL');
    // The child holds the other end of the pipe: it closes when both are gone.
    await once(host, 'close');
    expect(host.stdout.readableEnded).toBe(true);
  });
});
