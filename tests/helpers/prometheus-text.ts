/** What an exposition in Prometheus' text format (0.0.4) holds. */
export interface Exposition {
  /** By name of the family. */
  readonly types: ReadonlyMap<string, string>;
  /** Values by name and labels, labels in alphabetical order. */
  readonly samples: ReadonlyMap<string, number>;
  /** What a strict reader refuses. */
  readonly problems: readonly string[];
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|[+-]Inf|NaN)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** Reads an exposition strictly: families described before their samples, no series twice, histograms whole and cumulative. */
export function readExposition(text: string): Exposition {
  const problems: string[] = text.endsWith('\n') ? [] : ['it does not end with a line feed'];
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  const helped = new Set<string>();
  let family = '';
  for (const line of text.split('\n')) {
    const meta = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (line === '') continue;
    if (meta?.[1] === 'HELP') helped.add(meta[2] ?? '');
    else if (meta?.[1] === 'TYPE') {
      family = meta[2] ?? '';
      if (types.has(family) || !helped.has(family)) problems.push(`family ${family} twice, or without help`);
      types.set(family, meta[3] ?? '');
    } else {
      const sample = readSample(line);
      if (sample === undefined || !belongs(sample.name, family, types.get(family))) problems.push(`line: ${line}`);
      else if (samples.has(sample.series)) problems.push(`series twice: ${line}`);
      else samples.set(sample.series, sample.value);
    }
  }
  for (const [name, type] of types) if (type === 'histogram') problems.push(...histogramProblems(name, samples));
  return { types, samples, problems };
}

function readSample(line: string): { name: string; series: string; value: number } | undefined {
  const [, name = '', labels, value = ''] = sampleLine.exec(line) ?? [];
  if (name === '') return undefined;
  const pairs: string[] = [];
  label.lastIndex = 0;
  while (labels !== undefined && label.lastIndex < labels.length) {
    const match = label.exec(labels);
    if (match === null) return undefined;
    pairs.push(`${match[1]}="${match[2]}"`);
  }
  const series = pairs.length === 0 ? name : `${name}{${pairs.sort().join(',')}}`;
  return { name, series, value: Number(value.replace('Inf', 'Infinity')) };
}

function belongs(name: string, family: string, type: string | undefined): boolean {
  return type === 'histogram'
    ? name.startsWith(family) && ['_bucket', '_sum', '_count'].includes(name.slice(family.length))
    : name === family;
}

function histogramProblems(name: string, samples: ReadonlyMap<string, number>): string[] {
  const ends = new Map<string, { le: number; value: number }[]>();
  for (const [series, value] of samples) {
    if (!series.startsWith(`${name}_bucket{`)) continue;
    const le = /le="([^"]*)"/.exec(series)?.[1] ?? '';
    const rest = series
      .slice(`${name}_bucket`.length)
      .replace(/le="[^"]*",?/, '')
      .replace(',}', '}')
      .replace('{}', '');
    ends.set(rest, [...(ends.get(rest) ?? []), { le: Number(le.replace('Inf', 'Infinity')), value }]);
  }
  return [...ends].flatMap(([rest, buckets]) => {
    const ordered = buckets.every(({ le, value }, i) => {
      const before = buckets[i - 1];
      return before === undefined || (before.le < le && before.value <= value);
    });
    const isWhole = buckets.at(-1)?.le === Number.POSITIVE_INFINITY && samples.has(`${name}_sum${rest}`);
    const isEqual = samples.get(`${name}_count${rest}`) === buckets.at(-1)?.value;
    return ordered && isWhole && isEqual ? [] : [`histogram ${name}${rest}`];
  });
}
