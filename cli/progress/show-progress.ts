import { Presets, SingleBar } from 'cli-progress';
import { formatBytes, formatTime } from '../time-code.js';
import type { ProgressReport } from './estimate.js';

/** `bar` on a terminal, `lines` now and then elsewhere, `json` one object a line for programs, `none`. */
export const progressStyles = ['auto', 'bar', 'lines', 'json', 'none'] as const;
export type ProgressStyle = (typeof progressStyles)[number];

export interface ProgressView {
  update(report: ProgressReport): void;
  /** Leaves the line; call before anything else is printed. */
  end(): void;
}

const LINE_EVERY_MS = 10_000;
const JSON_EVERY_MS = 500;

/** A view that writes to standard error, so that standard output stays for results; JSON goes to standard output. */
export function showProgress(style: ProgressStyle): ProgressView {
  switch (style === 'auto' ? (process.stderr.isTTY ? 'bar' : 'lines') : style) {
    case 'bar':
      return barView();
    case 'lines':
      return throttled(LINE_EVERY_MS, (report) => process.stderr.write(`${describeProgress(report)}\n`));
    case 'json':
      return throttled(JSON_EVERY_MS, (report) =>
        process.stdout.write(`${JSON.stringify({ type: 'progress', ...report })}\n`),
      );
    default:
      return { update: () => undefined, end: () => undefined };
  }
}

/** `42 %  1234/2880 frames  31.0 fps  ×1.29  ETA 1:23  12.3 MB`. */
export function describeProgress(report: ProgressReport): string {
  const { percent, frames, totalFrames, fps, speed, etaSeconds, bytes } = report;
  if (report.phase === 'assembling') return `assembling${percent === null ? '' : ` ${Math.floor(percent)} %`}`;
  if (report.phase === 'sound') {
    const share = percent === null ? [] : [`${Math.floor(percent)} %`];
    const left = etaSeconds === null ? [] : [`ETA ${formatTime(etaSeconds * 1e6)}`];
    return ['making sound', ...share, ...left].join('  ');
  }
  return [
    ...(percent === null ? [] : [`${Math.floor(percent)} %`]),
    `${frames}${totalFrames === null ? '' : `/${totalFrames}`} frames`,
    `${fps.toFixed(1)} fps`,
    `×${speed.toFixed(2)}`,
    ...(etaSeconds === null ? [] : [`ETA ${formatTime(etaSeconds * 1e6)}`]),
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
  ].join('  ');
}

function barView(): ProgressView {
  const bar = new SingleBar(
    { format: '{bar} {text}', hideCursor: true, barsize: 24, clearOnComplete: true, fps: 5, emptyOnZero: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (report) => {
      const payload = { text: describeProgress(report) };
      if (started) bar.update(report.percent ?? 0, payload);
      else bar.start(100, report.percent ?? 0, payload);
      started = true;
    },
    end: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

function throttled(everyMs: number, print: (report: ProgressReport) => void): ProgressView {
  let printedAt = Number.NEGATIVE_INFINITY;
  let phase = '';
  return {
    update: (report) => {
      const now = performance.now();
      if (report.phase === phase && now - printedAt < everyMs) return;
      printedAt = now;
      phase = report.phase;
      print(report);
    },
    end: () => undefined,
  };
}
