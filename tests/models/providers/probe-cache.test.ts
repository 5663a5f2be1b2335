import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ProbeCache } from '../../../models/providers/probe-cache.js';
import type { ProbeOutcome } from '../../../models/providers/probe-protocol.js';
import { workspace } from '../../helpers/workspace.js';

const DAY = 86_400_000;
const proof = { maxError: 0, ms: 1, atLeast: false, cpuMs: 2, firstMs: 3, sessionMs: 4 };
const right: ProbeOutcome = { works: true, proof };
const wrong: ProbeOutcome = { works: false, kind: 'wrong', reason: 'is all zeros' };
const hung: ProbeOutcome = { works: false, kind: 'hang', reason: 'given up' };

describe('remembered probes', () => {
  const path = workspace();
  let now = 1e12;
  const cache = () => new ProbeCache(path('cache'), () => now);

  it.each([
    ['what worked, for 30 days', right, 29, 31],
    ['what did not, for a week', wrong, 6, 8],
    ['what hung, for a day', hung, 0.9, 1.1],
  ])('keep %s', async (_, outcome, young, old) => {
    now = 1e12;
    await cache().put('key', outcome, 1000);
    now = 1e12 + young * DAY;
    expect(await cache().get('key', 1000)).toEqual(outcome);
    now = 1e12 + old * DAY;
    expect(await cache().get('key', 1000)).toBeUndefined();
  });

  it('count one that ran out of time only for those who are no more patient', async () => {
    now = 1e12;
    for (const outcome of [hung, { works: true, proof: { ...proof, atLeast: true } } as const]) {
      await cache().put('key', outcome, 1000);
      expect(await cache().get('key', 500)).toEqual(outcome);
      expect(await cache().get('key', 2000)).toBeUndefined();
    }
  });

  it('are passed over when they are damaged, from the future, or another’s', async () => {
    now = 1e12;
    await cache().put('key', right, 1000);
    expect(await cache().get('other', 1000)).toBeUndefined();
    now = 1e12 - 1;
    expect(await cache().get('key', 1000)).toBeUndefined();
    now = 1e12;
    await writeFile(path('cache/key.json'), '{"at":1,');
    expect(await cache().get('key', 1000)).toBeUndefined();
    await writeFile(path('cache/key.json'), '{"at":1000000000000,"timeoutMs":1,"outcome":{"works":"yes"}}');
    expect(await cache().get('key', 1000)).toBeUndefined();
  });

  it('do without a folder that can be written', async () => {
    await writeFile(path('file'), '');
    const blocked = new ProbeCache(path('file'), () => now);
    await blocked.put('key', right, 1000);
    expect(await blocked.get('key', 1000)).toBeUndefined();
  });
});
