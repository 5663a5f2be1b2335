import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { actions, bedKinds, materials } from '../../../operators/foley/bank/vocabulary.js';
import type { SoundCue } from '../../../operators/foley/cues.js';
import { roomSizes } from '../../../operators/foley/mix/rooms.js';
import { foleySound } from '../../../operators/foley/track/foley-sound.js';
import { foleySoundOptions } from '../../../operators/foley/track/foley-sound-options.js';
import { SoundTrack } from '../../../operators/foley/track/sound-track.js';
import { mulberry32 } from '../../../pipeline/mulberry32.js';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import type { FoleyFigures } from './section.js';

const RATE = 25;
const STEP_US = 1e6 / RATE;
const MINUTES = [1, 10, 30, 60, 90, 120] as const;
/** Growth from minute 10 to minute 120, megabytes: what a heap and its allocator breathe. */
const MOST_GROWTH_MB = 30;

/** Memory of the sound of two hours, simulated: cues as of a lively film, sound taken as it comes and thrown away. */
export const memoryFigures: FoleyFigures = async ({ progress }) => {
  const options = foleySoundOptions.parse({});
  const maker = await foleySound.make(options, 0);
  const track = new SoundTrack({
    ...{ makers: [maker], startUs: 0, wish: { when: 'always', mix: 'keep' }, hasTrack: false },
    loudness: { kind: 'fixed', gainDb: 0 },
  });
  const collect = garbageCollector();
  const rows: string[][] = [];
  const resident = new Map<number, number>();
  const begun = performance.now();
  for (let step = 0; step <= 120 * 60 * RATE; step++) {
    const ptsUs = step * STEP_US;
    track.hear({ ptsUs, meta: { sounds: cuesAt(step) } });
    track.audioUntil(ptsUs - track.lookAheadUs);
    const minute = step / RATE / 60;
    if (!(MINUTES as readonly number[]).includes(minute)) continue;
    progress(`memory: minute ${minute} of 120`);
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    resident.set(minute, rss / 1e6);
    rows.push([`${minute}`, ...[rss, heapUsed, external].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`)]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - begun) / 1000;
  const { placed, late, dropped } = track.figures;
  const growth = (resident.get(120) ?? 0) - (resident.get(10) ?? 0);
  return {
    title: 'Memory of the sound of two hours, simulated',
    markdown: markdownTable(['minute', 'resident', 'heap', 'outside of the heap'], rows),
    notes: [
      `Cues of 25 pictures a second into \`SoundTrack\`: ${placed} impacts (${late} late, ${dropped} dropped), a bed that changes every 20 s, a cut every 8 s; garbage collected before each line`,
      `From minute 10 to minute 120: ${growth.toFixed(0)} MB; goal: at most ${MOST_GROWTH_MB}, ${verdict(growth <= MOST_GROWTH_MB)}`,
      `Two hours took ${(seconds / 60).toFixed(1)} minutes, once through: ${(7200 / seconds).toFixed(0)} × real time`,
      "Looking at pictures keeps the network's states and at most twelve frames, whatever the length of the film",
    ],
  };
};

/** Cues of a lively film: the same for the same step. */
function cuesAt(step: number): readonly SoundCue[] {
  const random = mulberry32(step);
  const atUs = step * STEP_US;
  const pick = <Word>(words: readonly Word[]): Word => words[Math.floor(random() * words.length)] as Word;
  const cues: SoundCue[] = [];
  if (step % (8 * RATE) === 0) cues.push({ kind: 'cut', atUs, room: pick(roomSizes) });
  if (step % (20 * RATE) === 0) {
    for (const bed of bedKinds) cues.push({ kind: 'bed', atUs, bed, level: 0 });
    cues.push({ kind: 'bed', atUs, bed: pick(bedKinds), level: 0.5 + 0.5 * random() });
  }
  if (random() < 0.06) {
    cues.push({
      ...{ kind: 'impact', atUs, action: pick(actions), material: pick(materials), energy: random() },
      ...{ pan: 1.6 * random() - 0.8, score: random(), materialScore: random() },
      features: Array.from({ length: 48 }, () => Math.round(100 * random()) / 100),
    });
  }
  return cues;
}

/** Node has one only on request. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
