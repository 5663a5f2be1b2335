import { describe, expect, it } from 'vitest';
import { ProgressEstimator } from '../../cli/progress/estimate.js';
import { exitCodes } from '../../cli/report-error.js';
import type { ProcessFilmResult } from '../../jobs/process-film.js';
import { containers } from '../../streams/containers/containers.js';
import type { ReadReport } from '../../streams/film.js';
import { codeBlocks, readPage, tableRows } from './pages.js';

const page = readPage('docs/processing-films.md');

/** The example lines of `--progress json`. */
const examples = codeBlocks(page)
  .filter(({ language }) => language === 'json')
  .flatMap(({ code }) =>
    code.split('\n').map((line) => JSON.parse(line) as Record<string, unknown> & { type: string }),
  );
const example = (type: string): Readonly<Record<string, unknown>> => examples.find((line) => line.type === type) ?? {};

// Records, so that the compiler asks for every key.
const resultKeys: Record<keyof ProcessFilmResult, true> = {
  path: true,
  frames: true,
  widenedTo: true,
  leftOut: true,
  complete: true,
  records: true,
  sound: true,
  resumedFrames: true,
  report: true,
  elapsedMs: true,
};
const reportKeys: Record<keyof ReadReport, true> = {
  skipped: true,
  damaged: true,
  retimed: true,
  rescaled: true,
  dropped: true,
  truncated: true,
};

describe('docs/processing-films.md', () => {
  it('shows each kind of line of --progress json', () => {
    const raised = ['cli/commands/process.ts', 'cli/progress/show-progress.ts', 'cli/report-error.ts']
      .flatMap((file) => [...readPage(file).matchAll(/\{ type: '(\w+)'/g)])
      .map(([, type]) => type);
    expect(new Set(examples.map(({ type }) => type))).toEqual(new Set(raised));
  });

  it('shows progress with the keys it has', () => {
    const estimator = new ProgressEstimator({ fromUs: 0, toUs: 1, totalFrames: 1 }, () => 0);
    const report = estimator.update({ phase: 'encoding', frames: 1, ptsUs: 0, bytes: 0 });
    expect(Object.keys(example('progress'))).toEqual(['type', ...Object.keys(report)]);
  });

  it('shows a result with the keys it has', () => {
    const result = example('result');
    expect(Object.keys(result).sort()).toEqual(['type', ...Object.keys(resultKeys)].sort());
    expect(Object.keys(result.report as object)).toEqual(Object.keys(reportKeys));
  });

  it('lists the containers with their extensions and encoders', () => {
    const rows = tableRows(page, 'extension', 'muxer').map((row) => row.map((cell) => cell.replaceAll('`', '')));
    expect(rows).toEqual(
      containers.map((c) => [c.extensions.join(' '), c.muxer, c.videoCodec, c.attachments ? 'yes' : 'no']),
    );
  });

  it('lists the exit codes', () => {
    expect(tableRows(page, 'code', 'meaning').map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
  });
});
