import type { NodeMetricsSnapshot } from './metrics.js';

/** `colorize runs on 1 of 3 frames`; nothing for a node that has no network, or runs it on every frame. */
export function describeCadence({ node, cadence }: NodeMetricsSnapshot): string | undefined {
  if (cadence === null || cadence.carried === 0) return undefined;
  const { every } = cadence;
  return every < 10 && every % 1 !== 0
    ? `${node} runs on 10 of ${Math.round(every * 10)} frames`
    : `${node} runs on 1 of ${Math.round(every)} frames`;
}
