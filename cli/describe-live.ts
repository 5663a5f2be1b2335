import type { LiveStreamMetrics } from '../jobs/live-stream.js';
import { describeWaiting } from '../jobs/live-words.js';
import { describeCadence } from '../pipeline/describe-cadence.js';
import type { LiveEvent } from '../streams/live/live-types.js';

/** A line on how a live stream does. @param before The snapshot that rates are counted from; nothing for those since the start. */
export function describeLive(now: LiveStreamMetrics, before: LiveStreamMetrics | undefined): string {
  const { input, outputs, latencyMs } = now;
  const words = [
    ...picturesOf(now, before),
    ...(latencyMs === null ? [] : [`${Math.round(latencyMs.p50)} ms through (p95 ${Math.round(latencyMs.p95)} ms)`]),
    ...(input.reconnects > 0 ? [`${input.reconnects} reconnects`] : []),
    ...(input.silentMs > 2000 ? [`silent for ${Math.round(input.silentMs / 1000)} s`] : []),
    ...outputs.map(({ name, state, bytesOut }) => `${name} ${state} ${(bytesOut / 1e6).toFixed(1)} MB`),
  ];
  return words.join(' · ');
}

function picturesOf(
  { input, runner, renditions }: LiveStreamMetrics,
  before: LiveStreamMetrics | undefined,
): readonly string[] {
  if (runner === null) return [renditions.some(({ codec }) => codec !== null) ? 'copied as it comes' : 'sound only'];
  const seconds = (runner.elapsedMs - (before?.runner?.elapsedMs ?? 0)) / 1000;
  const rate = (count: number, earlier = 0): string => (seconds > 0 ? ((count - earlier) / seconds).toFixed(1) : '–');
  return [
    `in ${rate(input.framesIn, before?.input.framesIn)} fps`,
    `out ${rate(runner.framesOut, before?.runner?.framesOut)} fps`,
    `${input.framesDropped} left out`,
    ...runner.nodes.flatMap((node) => describeCadence(node) ?? []),
  ];
}

/** What happened to a live input, for a person; nothing where the status line says enough. */
export function describeLiveEvent(event: LiveEvent): string | undefined {
  if (event.kind === 'connected') return 'input connected';
  if (event.kind === 'waiting') return describeWaiting(event);
  if (event.kind === 'disconnected') return `input lost (${event.reason}); attempt ${event.attempt}`;
  if (event.kind === 'changed') return `input changed: ${event.what}`;
  return undefined;
}
