import { describe, expect, it } from 'vitest';
import { type Queued, RequestQueue } from '../../models/request-queue.js';

interface Job extends Queued {
  readonly name: string;
}
const job = (name: string, lane?: string, stream?: string): Job => ({ name, lane, stream });

function queueOf(...jobs: Job[]): RequestQueue<Job> {
  const queue = new RequestQueue<Job>();
  for (const each of jobs) queue.add(each);
  return queue;
}

/** Starts all that may start, except the jobs named. */
function started(queue: RequestQueue<Job>, ...refused: string[]): string[] {
  const names: string[] = [];
  queue.offer(({ name }) => {
    if (refused.includes(name)) return false;
    names.push(name);
    return true;
  });
  return names;
}

describe('RequestQueue', () => {
  it('starts the oldest first and passes over what cannot start', () => {
    const queue = queueOf(job('a'), job('b'), job('c'));
    expect(started(queue, 'a')).toEqual(['b', 'c']);
    expect(started(queue)).toEqual(['a']);
  });

  it('starts one job of a lane at a time', () => {
    const first = job('a1', 'a');
    const queue = queueOf(first, job('a2', 'a'), job('b1', 'b'));
    expect(started(queue)).toEqual(['a1', 'b1']);
    expect(started(queue)).toEqual([]);
    queue.release(first);
    expect(started(queue)).toEqual(['a2']);
  });

  it('never starts a later job of a lane or stream before an earlier one', () => {
    const queue = queueOf(job('a1', 'a'), job('a2', 'a'), job('s1', undefined, 's'), job('s2', undefined, 's'));
    expect(started(queue, 'a1', 's1')).toEqual([]);
    expect(started(queue)).toEqual(['a1', 's1', 's2']);
  });

  it('tells whether a job that is removed was waiting', () => {
    const waiting = job('a');
    const queue = queueOf(waiting, job('b'));
    expect(queue.remove(waiting)).toBe(true);
    expect(queue.remove(waiting)).toBe(false);
    expect(queue.removeAll().map(({ name }) => name)).toEqual(['b']);
    expect(queue.length).toBe(0);
  });
});
