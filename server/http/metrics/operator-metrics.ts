import type { Registry } from 'prom-client';
import { builtinOperators } from '../../../config/registry.js';
import type { OperatorDefinition, OperatorFigure } from '../../../pipeline/index.js';
import type { StreamRegistry } from '../stream-registry.js';
import { addCounter, addGauge, type Family } from './families.js';

/** What operators count by themselves: the `figures` of their definitions, with the stream and the node. What no definition lists is left out. */
export function addOperatorMetrics(
  registry: Registry,
  streams: StreamRegistry,
  operators: readonly OperatorDefinition[] = builtinOperators,
): void {
  const figures = new Map(
    operators.flatMap((operator) => operator.figures ?? []).map((figure) => [figure.name, figure]),
  );
  for (const figure of figures.values()) {
    const add = figure.type === 'counter' ? addCounter : addGauge;
    add(registry, familyOf(figure, streams));
  }
}

function familyOf({ name, type, help, labels }: OperatorFigure, streams: StreamRegistry): Family {
  return {
    name: `vitascope_${name}`,
    help,
    labels: ['stream', 'node', ...labels],
    collect: (note) => {
      for (const { name: stream, figures } of streams.list())
        for (const figure of figures) {
          if (figure.name !== name || figure.type !== type) continue;
          const own = Object.fromEntries(labels.map((label) => [label, figure.labels[label] ?? '']));
          note({ ...own, stream, node: figure.node }, figure.value);
        }
    },
  };
}
