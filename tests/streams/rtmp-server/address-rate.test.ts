import { describe, expect, it } from 'vitest';
import { AddressRate } from '../../../streams/rtmp-server/address-rate.js';
import { addressGroup, clientAddress, isLoopback } from '../../../streams/rtmp-server/client-address.js';

describe('the address of a client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
    [undefined, 'unknown'],
  ])('%s is %s', (remote, ip) => {
    expect(clientAddress(remote)).toBe(ip);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:db8:0:1::9', '2001:db8:0:1::/64'],
    ['2001:0DB8::1:0:0:0:1', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
    ['::2', '0:0:0:0::/64'],
  ])('%s belongs to %s', (ip, group) => {
    expect(addressGroup(ip)).toBe(group);
  });

  it('of this machine is known', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
    expect(['128.0.0.1', '::2', '10.0.0.1', 'unknown'].some(isLoopback)).toBe(false);
  });
});

describe('connections of one address in a minute', () => {
  function rate() {
    const clock = { now: 0 };
    const rate = new AddressRate(() => clock.now);
    const come = (ip: string, times: number, perMinute = 10) =>
      Array.from({ length: times }, () => rate.admit(ip, perMinute)).filter(Boolean).length;
    return { clock, rate, come };
  }

  it('are as many as allowed, for each address', () => {
    const { come } = rate();
    expect(come('192.0.2.1', 20)).toBe(10);
    expect(come('192.0.2.2', 20)).toBe(10);
  });

  it('are as many again a minute later, and not at the turn of a minute', () => {
    const { come, clock } = rate();
    clock.now = 59_900;
    expect(come('192.0.2.1', 20)).toBe(10);
    clock.now = 60_000;
    expect(come('192.0.2.1', 20)).toBe(0);
    clock.now = 90_000;
    expect(come('192.0.2.1', 20)).toBe(5);
    clock.now = 240_000;
    expect(come('192.0.2.1', 20)).toBe(10);
  });

  it('are counted together for one IPv6 network', () => {
    const { come } = rate();
    const admitted = Array.from({ length: 30 }, (_, i) => come(`2001:db8::${(i + 1).toString(16)}`, 1));
    expect(admitted.reduce((sum, one) => sum + one, 0)).toBe(10);
  });

  it('are not counted when they come from this machine', () => {
    const { come, rate: counted } = rate();
    expect([come('127.0.0.1', 50), come('::1', 50)]).toEqual([50, 50]);
    expect(counted.size).toBe(0);
  });

  it('are not counted when they were refused', () => {
    const { come, clock } = rate();
    come('192.0.2.1', 1_000);
    clock.now = 120_000;
    expect(come('192.0.2.1', 20)).toBe(10);
  });

  it('say how long to wait for one more', () => {
    const { rate: counted, clock } = rate();
    const wait = () => counted.waitMs('192.0.2.1', 4);
    clock.now = 15_000;
    expect(wait()).toBe(0);
    for (let i = 0; i < 4; i += 1) counted.count('192.0.2.1');
    // Until a quarter of them is over, a quarter into the next minute.
    expect(wait()).toBe(60_000);
    clock.now = 66_000;
    expect(wait()).toBeCloseTo(9_000);
    clock.now = 75_000;
    expect(wait()).toBe(0);
    counted.count('192.0.2.1');
    expect(wait()).toBeCloseTo(15_000);
    expect(counted.waitMs('192.0.2.2', 4)).toBe(0);
  });

  it('are counted for this machine as well where that is wanted', () => {
    const { rate: counted } = rate();
    counted.count('127.0.0.1');
    expect(counted.waitMs('127.0.0.1', 1)).toBeGreaterThan(0);
  });

  it('are known for so many addresses at most, and those that come go on being known', () => {
    const { come, rate: counted } = rate();
    for (let i = 0; i < 30_000; i += 1) {
      come(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 1);
      if (i % 100 === 0) come('192.0.2.1', 1);
    }
    expect(counted.size).toBe(10_000);
    expect(come('192.0.2.1', 1)).toBe(0);
  });
});
