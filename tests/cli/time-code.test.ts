import { describe, expect, it } from 'vitest';
import { formatBytes, formatTime, parseTimeCode } from '../../cli/time-code.js';

describe('parseTimeCode', () => {
  it.each([
    ['90', 90_000_000],
    ['90.5', 90_500_000],
    ['1:30', 90_000_000],
    ['00:01:00', 60_000_000],
    ['1:02:03.250', 3_723_250_000],
    ['0', 0],
  ])('reads %s', (text, us) => {
    expect(parseTimeCode(text)).toBe(us);
  });

  it.each(['', 'abc', '-1', '1:60', '1:2:3:4', '1e3', '1:75:00'])('refuses "%s"', (text) => {
    expect(() => parseTimeCode(text)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('formatTime', () => {
  it.each([
    [0, 0, '0:00'],
    [90_000_000, 0, '1:30'],
    [3_723_250_000, 0, '1:02:03'],
    [21_040_000, 2, '0:21.04'],
    [9_500_000, 2, '0:09.50'],
  ])('writes %d µs with %d decimals as %s', (us, decimals, text) => {
    expect(formatTime(us, decimals)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345_678, '12.3 MB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
