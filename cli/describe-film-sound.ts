import type { FilmSoundResult } from '../jobs/film-sound/render-sound.js';
import type { WhyNoSound } from '../jobs/film-sound/sound-plan.js';

const whyNot: Readonly<Record<WhyNoSound, (node: string) => string>> = {
  never: (node) => `none was made (${node}.when=never)`,
  'no-film': () => 'none was made: only films have sound',
  'has-sound': (node) => `the film has its own; none was made (--set ${node}.when=always)`,
  unreadable: (node) => `none was made: the film has a track that cannot be decoded (--set ${node}.when=replace)`,
  'nothing-heard': () => 'none was made: nothing is to be heard in these pictures',
};

/** What became of the sound of a film, in words: `sound: 41 sounds, 2 beds, −23.0 LUFS`. */
export function describeFilmSound(sound: FilmSoundResult): string {
  if (!sound.made) return `sound: ${whyNot[sound.why](sound.node)}`;
  const { events, beds, lufs } = sound;
  const loudness = `${lufs < 0 ? '−' : ''}${Math.abs(lufs).toFixed(1)} LUFS`;
  return `sound: ${[counted(events, 'sound'), ...(beds === 0 ? [] : [counted(beds, 'bed')]), loudness].join(', ')}`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
