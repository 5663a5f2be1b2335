import { describe, expect, it } from 'vitest';
import { EventState } from '../../../../operators/pose/analyse/event-state.js';
import type { Verdict } from '../../../../operators/pose/analyse/pose-rule.js';

/** What happens, and when, of verdicts 100 ms apart: `y`es, `b`etween, `n`o, `?` unknown. Held for 300 ms, released for 200 ms. */
function happens(verdicts: string): readonly string[] {
  const state = new EventState({ holdUs: 300_000, releaseUs: 200_000 });
  const names: Readonly<Record<string, Verdict>> = { y: 'yes', b: 'between', n: 'no', '?': 'unknown' };
  return [...verdicts].flatMap((letter, i) => {
    const event = state.see(i * 100_000, { verdict: names[letter] ?? 'no', score: 0.5 });
    return event === undefined ? [] : [`${event} ${i} since ${state.sinceUs / 100_000} ${state.score}`];
  });
}

describe('the state of an event', () => {
  it.each([
    ['begins when it has held long enough', 'nyyyyy', ['begin 4 since 1 0.5']],
    ['does not begin before', 'yyynyyyn', []],
    ['bears what is between yes and no on its way', 'ybbyy', ['begin 3 since 0 0.5']],
    ['begins with a yes only', 'yyybbbb', []],
    ['bears a short time in which nobody can tell', 'yy??y', ['begin 4 since 0 0.5']],
    ['begins anew after a longer one', 'yy????yyyy', ['begin 9 since 6 0.5']],
    ['ends when it has been over long enough', 'yyyynynbnnn', ['begin 3 since 0 0.5', 'end 10 since 0 0.5']],
    ['goes on while nobody can tell', `yyyy${'?'.repeat(20)}y`, ['begin 3 since 0 0.5']],
    [
      'ends when nobody could tell for two seconds',
      `yyyy${'?'.repeat(30)}`,
      ['begin 3 since 0 0.5', 'end 24 since 0 0.5'],
    ],
    ['may begin again', 'yyyynnnyyyy', ['begin 3 since 0 0.5', 'end 6 since 0 0.5', 'begin 10 since 7 0.5']],
  ])('%s', (_, verdicts, expected) => {
    expect(happens(verdicts)).toEqual(expected);
  });
});
