import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../streams/external/byte-queue.js';
import { NutReader } from '../../../streams/external/nut-reader.js';
import { settle } from '../../helpers/frames.js';

/** Writes without waiting; tells whether the chunk has been accepted. */
function offer(queue: ByteQueue, text: string): () => boolean {
  let accepted = false;
  queue.write(Buffer.from(text), () => {
    accepted = true;
  });
  return () => accepted;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ByteQueue', () => {
  it('accepts no more while it is full', async () => {
    const queue = new ByteQueue(4);
    const [first, second] = [offer(queue, 'abcde'), offer(queue, 'fg')];
    await turn();
    expect([first(), second(), queue.bytes]).toEqual([false, false, 5]);

    expect(queue.take(3)?.toString()).toBe('abc');
    await turn();

    expect([first(), second(), queue.bytes]).toEqual([true, false, 4]);
    expect(queue.taken).toBe(3);
  });

  it('waits for as much as is asked for, and no more than fits', async () => {
    const queue = new ByteQueue(4);
    let [three, hundred] = [false, false];
    void queue.available(3).then(() => {
      three = true;
    });
    void queue.available(100).then(() => {
      hundred = true;
    });
    offer(queue, 'ab');
    await settle();
    expect([three, hundred]).toEqual([false, false]);

    offer(queue, 'cd');
    await settle();
    expect([three, hundred]).toEqual([true, true]);
  });

  it('keeps what came before the end', async () => {
    const queue = new ByteQueue(100);
    offer(queue, 'abc');
    queue.end();
    await turn();

    await queue.available(50);
    expect([queue.ended, queue.take(10)?.toString(), queue.take(10)]).toEqual([true, 'abc', undefined]);
  });

  it('finds a pattern across chunks, and gives up at the end', async () => {
    const queue = new ByteQueue(100);
    const [found, missed] = [queue.contains(Buffer.from('cd')), queue.contains(Buffer.from('zz'))];
    offer(queue, 'abc');
    offer(queue, 'de');
    expect(await found).toBe(true);

    queue.end();
    expect(await missed).toBe(false);
  });

  it('wakes whoever waits when it is destroyed', async () => {
    const queue = new ByteQueue(100);
    const waiting = queue.available(1);
    queue.destroy();

    await waiting;
    expect(queue.ended).toBe(true);
  });
});

describe('NutReader', () => {
  it('finds nothing in a stream that ends before its first packet', async () => {
    const queue = new ByteQueue(100);
    queue.end('nut/multimedia container');

    expect(await NutReader.open(queue)).toBeUndefined();
  });

  it('refuses what only looks like NUT', async () => {
    const queue = new ByteQueue(10_000);
    queue.end(Buffer.concat([Buffer.alloc(2000, 7), Buffer.from('4e4be4adeeca4569', 'hex'), Buffer.alloc(2000, 9)]));

    await expect(NutReader.open(queue)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });
});
