import { describe, expect, it } from 'vitest';
import { VitascopeError } from '../../../../pipeline/index.js';
import type { EncodedPacket, LiveOutput, LiveOutputMetrics } from '../../../../streams/live/live-types.js';
import { FanOut } from '../../../../streams/live/outputs/fan-out.js';

const packet = (ms: number, isKey = ms % 10 === 0): EncodedPacket => ({
  kind: 'video',
  data: new Uint8Array(1),
  ptsUs: ms * 1000,
  dtsUs: ms * 1000,
  durationUs: 0,
  isKey,
});

class Recorder implements LiveOutput {
  readonly seen: (number | string)[] = [];
  state: LiveOutputMetrics['state'] = 'waiting';
  constructor(
    readonly name: string,
    readonly opening: Promise<void> = Promise.resolve(),
  ) {}
  async open(): Promise<void> {
    await this.opening;
    this.state = 'open';
  }
  write(p: EncodedPacket): void {
    this.seen.push(p.ptsUs / 1000);
  }
  tracksChanged(): void {
    this.seen.push('tracks');
  }
  discontinuity(): void {
    this.seen.push('discontinuity');
  }
  async close(): Promise<void> {
    this.state = 'closed';
  }
  metrics(): LiveOutputMetrics {
    return { state: this.state, bytesOut: 0, packetsDropped: 0, reconnects: 0, queued: 0 };
  }
}

class Thrower extends Recorder {
  override write(): void {
    throw new Error('broken');
  }
}

describe('FanOut', () => {
  it('gives everything to all outputs, in order', async () => {
    const outputs = [new Recorder('a'), new Recorder('b')];
    const fan = new FanOut(outputs);
    await fan.open([]);
    fan.write(packet(0));
    fan.discontinuity();
    fan.write(packet(10));
    fan.tracksChanged([]);
    fan.write(packet(20));
    await fan.close();
    for (const { seen } of outputs) expect(seen).toEqual([0, 'discontinuity', 10, 'tracks', 20]);
    expect(fan.metrics().map(({ name, state }) => [name, state])).toEqual([
      ['a', 'closed'],
      ['b', 'closed'],
    ]);
  });

  it('keeps packets for an output that is still being opened', async () => {
    let opened: () => void = () => {};
    const slow = new Recorder('slow', new Promise((resolve) => (opened = resolve)));
    const quick = new Recorder('quick');
    const fan = new FanOut([slow, quick]);
    const opening = fan.open([]);
    for (const ms of [0, 1, 2]) fan.write(packet(ms));
    expect(fan.metrics()[0]).toMatchObject({ state: 'waiting', queued: 3 });
    opened();
    await opening;
    fan.write(packet(3));
    expect(slow.seen).toEqual([0, 1, 2, 3]);
    expect(quick.seen).toEqual([0, 1, 2, 3]);
  });

  it('goes on without an output that fails to open, or that throws', async () => {
    const failures: string[] = [];
    const unopened = new Recorder('unopened', Promise.reject(new VitascopeError('CONTAINER_CODEC', 'no')));
    const thrower = new Thrower('thrower');
    const good = new Recorder('good');
    const fan = new FanOut([unopened, thrower, good], {
      onFailure: (name, { code }) => failures.push(`${name} ${code}`),
    });
    await fan.open([]);
    for (const ms of [0, 1, 2]) fan.write(packet(ms));
    expect(good.seen).toEqual([0, 1, 2]);
    expect(failures).toEqual(['unopened CONTAINER_CODEC', 'thrower OUTPUT_UNWRITABLE']);
    expect(fan.metrics().map(({ state, trouble }) => [state, trouble])).toEqual([
      ['failed', 'no'],
      ['failed', 'thrower: broken'],
      ['open', undefined],
    ]);
    await fan.close();
    expect(thrower.state).toBe('closed');
  });

  it('does not wait for good for an output that does not end', async () => {
    const stuck = new Recorder('stuck');
    stuck.close = () => new Promise(() => {});
    const fan = new FanOut([stuck, new Recorder('good')], { closeTimeoutMs: 1 });
    await fan.open([]);
    await fan.close();
    expect(fan.metrics().map(({ state }) => state)).toEqual(['failed', 'closed']);
  });
});
