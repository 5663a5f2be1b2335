import { describe, expect, it } from 'vitest';
import { describeFilmSound } from '../../cli/describe-film-sound.js';

describe('describeFilmSound', () => {
  it.each([
    [{ made: true, lufs: -23.04, events: 41, beds: 2 }, 'sound: 41 sounds, 2 beds, −23.0 LUFS'],
    [{ made: true, lufs: -31.26, events: 1, beds: 0 }, 'sound: 1 sound, −31.3 LUFS'],
    [
      { made: false, why: 'has-sound', node: 'foley' },
      'sound: the film has its own; none was made (--set foley.when=always)',
    ],
    [
      { made: false, why: 'nothing-heard', node: 'foley' },
      'sound: none was made: nothing is to be heard in these pictures',
    ],
  ] as const)('puts %j in words', (sound, words) => {
    expect(describeFilmSound(sound)).toBe(words);
  });
});
