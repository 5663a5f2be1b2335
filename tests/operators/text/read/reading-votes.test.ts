import { describe, expect, it } from 'vitest';
import { ReadingVotes } from '../../../../operators/text/read/reading-votes.js';

function readAs(...readings: readonly (readonly [text: string, score: number, height?: number])[]): string | undefined {
  const votes = new ReadingVotes();
  for (const [text, score, height = 24] of readings) votes.add({ text, score, height });
  return votes.best?.text;
}

describe('ReadingVotes', () => {
  it('says nothing as long as nothing was read', () => {
    expect(readAs()).toBeUndefined();
    expect(readAs(['', 0.2])).toBeUndefined();
  });

  it('says what was read first until another reading is clearly better', () => {
    expect(readAs(['exit', 0.9], ['ex1t', 0.95])).toBe('exit');
    expect(readAs(['ex1t', 0.6], ['exit', 0.98])).toBe('exit');
    expect(readAs(['ex1t', 0.9], ['exit', 0.95], ['exit', 0.95])).toBe('exit');
  });

  it('trusts readings of larger letters more', () => {
    expect(readAs(['ex1t', 0.9, 10], ['exit', 0.9, 24])).toBe('exit');
  });

  it('goes on saying the same when it begins anew, until it is read', () => {
    const votes = new ReadingVotes();
    votes.add({ text: 'Clean han', score: 0.95, height: 24 });
    votes.beginAnew();
    expect(votes.best?.text).toBe('Clean han');
    votes.add({ text: 'Clean hands', score: 0.8, height: 24 });
    expect(votes.best).toEqual({ text: 'Clean hands', score: 0.8 });
  });
});
