import type { FilmExportFormat } from '../jobs/film-records/export-format.js';
import type { ProcessFilmResult } from '../jobs/process-film.js';
import { describeCadence } from '../pipeline/describe-cadence.js';
import type { RunnerMetrics } from '../pipeline/runner.js';
import type { ReadReport } from '../streams/film.js';
import { describeFilmSound } from './describe-film-sound.js';
import { describeRecords } from './film-records.js';
import { formatTime } from './time-code.js';

/** What a job did, in words, and everything that was survived on the way. @param exports Forms of what was found that were asked for. */
export function describeResult(
  result: ProcessFilmResult,
  input: string,
  exports: readonly FilmExportFormat[] = [],
): string {
  const { complete, path, frames, elapsedMs, leftOut, records, report } = result;
  const seconds = elapsedMs / 1000;
  const fresh = frames - result.resumedFrames;
  const rate = fresh > 0 && seconds > 0 ? `, ${(fresh / seconds).toFixed(1)} fps` : '';
  const amount =
    frames > 0
      ? `${frames} frames in ${formatTime(elapsedMs * 1000)}${rate}`
      : `copied in ${formatTime(elapsedMs * 1000)}`;
  const head = complete ? `done: ${path === '' ? amount : `${path} (${amount})`}` : describeStop(path, frames);
  const lost = leftOut.map((t) => `  left out: track ${t.track} (${t.kind}, ${t.codec}): ${t.why}`);
  const wide = result.widenedTo;
  const widened =
    wide === undefined
      ? []
      : [
          `  widened to ${wide.width}×${wide.height} by repeating the edge: the encoder takes no odd sides (ffv1 and --pixel-format yuv444p do)`,
        ];
  const data = describeRecords(records, complete ? exports : []);
  const sound = result.sound === undefined ? [] : [`  ${describeFilmSound(result.sound)}`];
  return [head, ...data, ...sound, ...widened, ...lost, ...describeReport(report, input)].join('\n');
}

function describeStop(path: string, frames: number): string {
  if (frames === 0) return 'stopped before the first piece was finished; nothing was written';
  const what = path === '' ? `${frames} frames are finished` : `${path} holds the ${frames} frames that are finished`;
  return `stopped: ${what}; the same command goes on from there`;
}

function describeReport(report: ReadReport, input: string): string[] {
  const lines: string[] = [];
  if (report.skipped > 0)
    lines.push(
      `${report.skipped} damaged packet${report.skipped === 1 ? '' : 's'} could not be decoded and were skipped`,
    );
  if (report.damaged > 0) lines.push(`${report.damaged} frames were decoded with errors and patched up`);
  if (report.retimed > 0) lines.push(`${report.retimed} frames had no usable timestamp and were timed anew`);
  if (report.rescaled > 0)
    lines.push(`${report.rescaled} frames had another size than the first and were fitted into it`);
  if (report.truncated) lines.push('the file ends before it should; everything up to there was used');
  return lines.map((line) => `  ${input}: ${line}`);
}

/** Figures per node as a table. */
export function describeNodeMetrics(metrics: RunnerMetrics | undefined): string {
  if (metrics === undefined || metrics.nodes.length === 0) return 'no nodes ran';
  const rows = metrics.nodes.map((n) => [
    n.node,
    String(n.framesIn),
    String(n.framesOut),
    String(n.dropped),
    n.latencyMs === null ? '–' : `${n.latencyMs.p50.toFixed(1)}/${n.latencyMs.p95.toFixed(1)}`,
    n.modelMs === null ? '–' : `${n.modelMs.p50.toFixed(1)}/${n.modelMs.p95.toFixed(1)}`,
  ]);
  const table = [['node', 'in', 'out', 'dropped', 'latency ms p50/p95', 'model ms p50/p95'], ...rows];
  const widths = (table[0] as string[]).map((_, i) => Math.max(...table.map((row) => (row[i] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...metrics.nodes.flatMap((node) => describeCadence(node) ?? [])].join('\n');
}
