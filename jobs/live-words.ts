import { describeCadence } from '../pipeline/describe-cadence.js';
import type { LiveEvent } from '../streams/live/live-types.js';
import type { LiveStreamMetrics } from './live-metrics.js';

/** Silence that is worth a word, milliseconds. */
const SILENT_MS = 2000;
/** How long after the last picture was left out the machine counts as too slow. */
const SLOW_MS = 60_000;

/** Sources send their last seconds at once when they are connected to: what is left out then says nothing of the machine. */
const BEGINNING_MS = 10_000;

/** What an input that is not there yet is waited for with. */
export function describeWaiting({ reason, attempt }: Extract<LiveEvent, { kind: 'waiting' }>): string {
  return `waits for its input: ${reason} (attempt ${attempt})`;
}

/** Says how a live stream goes. It remembers when pictures were left out last. */
export class LiveWords {
  #dropped = 0;
  #droppedAtMs = 0;
  #beganAtMs: number | undefined;

  /** @param nowMs Of a clock that does not jump. */
  describe(metrics: Omit<LiveStreamMetrics, 'words'>, nowMs: number): string[] {
    const { input, runner, outputs, sound } = metrics;
    this.#beganAtMs ??= nowMs;
    return [
      ...(runner?.nodes ?? []).flatMap((node) => describeCadence(node) ?? []),
      ...this.#leftOut(input.framesDropped, nowMs),
      ...(input.silentMs > SILENT_MS ? [`the input has been silent for ${Math.round(input.silentMs / 1000)} s`] : []),
      ...(input.reconnects > 0 ? [`the input was lost ${times(input.reconnects)}`] : []),
      ...(sound?.heard === false ? ['no sound is made while the input has its own'] : []),
      ...outputs.flatMap(({ name, state, trouble }) =>
        state === 'failed' ? [`the output ${name} has failed${trouble === undefined ? '' : `: ${trouble}`}`] : [],
      ),
    ];
  }

  #leftOut(dropped: number, nowMs: number): string[] {
    if (dropped > this.#dropped) {
      this.#dropped = dropped;
      this.#droppedAtMs = nowMs;
    }
    if (dropped === 0) return [];
    const what = dropped === 1 ? '1 picture was left out' : `${dropped} pictures were left out`;
    if (this.#droppedAtMs - (this.#beganAtMs ?? 0) < BEGINNING_MS) return [`${what} while the stream began`];
    const isNow = nowMs - this.#droppedAtMs < SLOW_MS;
    return [isNow ? `${what}: the machine cannot keep up` : `${what}, the last some time ago`];
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
