import { Presets, SingleBar } from 'cli-progress';
import type { PullProgress } from '../../models/library/pull-progress.js';
import type { ProgressStyle } from '../progress/show-progress.js';
import { formatBytes, formatTime } from '../time-code.js';

/** Shows how pulls go. */
export interface PullView {
  update(progress: PullProgress): void;
  /** Leaves the line; call before anything else is printed. */
  end(): void;
}

const LINE_EVERY_MS = 10_000;
const JSON_EVERY_MS = 500;

/** `ddcolor-tiny  42 %  56.9 MB of 135.4 MB  12.1 MB/s  ETA 0:06  model.onnx`. */
export function describePull(progress: PullProgress): string {
  const { id, phase, file, bytes, totalBytes, bytesPerSecond = 0, etaSeconds } = progress;
  const percent = percentOf(progress);
  return [
    id,
    ...(phase === 'downloading' ? [] : [phase === 'waiting' ? 'another process is downloading' : phase]),
    ...(percent === undefined ? [] : [`${Math.floor(percent)} %`]),
    totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond > 0 ? [`${formatBytes(Math.round(bytesPerSecond))}/s`] : []),
    ...(etaSeconds === undefined ? [] : [`ETA ${formatTime(etaSeconds * 1e6)}`]),
    ...(file === undefined ? [] : [file]),
  ].join('  ');
}

/** A view on standard error, so that standard output stays for results; JSON goes to standard output. */
export function showPull(style: ProgressStyle): PullView {
  switch (style === 'auto' ? (process.stderr.isTTY ? 'bar' : 'lines') : style) {
    case 'bar':
      return barView();
    case 'lines':
      return throttled(LINE_EVERY_MS, (progress) => process.stderr.write(`${describePull(progress)}\n`));
    case 'json':
      return throttled(JSON_EVERY_MS, (progress) =>
        process.stdout.write(`${JSON.stringify({ type: 'progress', ...progress })}\n`),
      );
    default:
      return { update: () => undefined, end: () => undefined };
  }
}

function percentOf({ bytes, totalBytes }: PullProgress): number | undefined {
  return totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(100, (100 * bytes) / totalBytes);
}

function barView(): PullView {
  const bar = new SingleBar(
    { format: '{bar} {text}', hideCursor: true, barsize: 24, clearOnComplete: true, fps: 5, emptyOnZero: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (progress) => {
      const payload = { text: describePull(progress) };
      if (started) bar.update(percentOf(progress) ?? 0, payload);
      else bar.start(100, percentOf(progress) ?? 0, payload);
      started = true;
    },
    end: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

/** One at once whenever another thing begins, and then now and then. */
function throttled(everyMs: number, print: (progress: PullProgress) => void): PullView {
  let printedAt = Number.NEGATIVE_INFINITY;
  let doing = '';
  return {
    update: (progress) => {
      const now = performance.now();
      const key = `${progress.id} ${progress.phase} ${progress.file}`;
      if (key === doing && now - printedAt < everyMs) return;
      printedAt = now;
      doing = key;
      print(progress);
    },
    end: () => undefined,
  };
}
