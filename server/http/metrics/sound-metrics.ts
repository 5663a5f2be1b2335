import type { Registry } from 'prom-client';
import type { StreamRegistry } from '../stream-registry.js';
import { addCounter, addGauge } from './families.js';
import { figureAt, partAt } from './figures.js';

/** What became of the sound of an impact; fields of `LiveSoundMetrics`. */
const fates = ['placed', 'late', 'dropped'] as const;

/** Sound that is made of what graphs find. Streams of which none is made have no series. */
export function addSoundMetrics(registry: Registry, streams: StreamRegistry): void {
  addCounter(registry, {
    name: 'vitascope_sound_impacts_total',
    help: 'Sounds of impacts: in time, late or without their beginning, left out',
    labels: ['stream', 'fate'],
    collect: (note) => {
      for (const { name: stream, metrics } of streams.list())
        for (const fate of fates) note({ stream, fate }, figureAt(metrics, 'sound', fate));
    },
  });
  addGauge(registry, {
    name: 'vitascope_sound_heard',
    help: '1 while made sound is heard, 0 while the own sound of the input keeps it away',
    labels: ['stream'],
    collect: (note) => {
      for (const { name: stream, metrics } of streams.list()) {
        const heard = partAt(metrics, 'sound', 'heard');
        note({ stream }, typeof heard === 'boolean' ? Number(heard) : undefined);
      }
    },
  });
}
