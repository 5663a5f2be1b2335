import { type Microseconds, VitascopeError } from '../pipeline/index.js';

/**
 * Reads a moment of a film: seconds (`90`, `90.5`), `MM:SS` or `HH:MM:SS`, with decimals.
 *
 * @throws VitascopeError `OPTION_INVALID`.
 */
export function parseTimeCode(text: string): Microseconds {
  const match = /^(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)$/.exec(text.trim());
  const [, hours = '0', minutes = '0', seconds = ''] = match ?? [];
  const colons = text.includes(':');
  if (match === null || (colons && Number(seconds) >= 60)) {
    throw new VitascopeError('OPTION_INVALID', `a time is written as seconds, MM:SS or HH:MM:SS, got "${text}"`, {
      context: { text },
    });
  }
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6);
}

/** `1:02:03`, `2:03`; with `decimals` digits of fractions. */
export function formatTime(us: Microseconds, decimals = 0): string {
  const total = Math.max(0, us) / 1e6;
  const whole = decimals === 0 ? Math.round(total) : Math.floor(total);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = decimals === 0 ? whole % 60 : (total % 60).toFixed(decimals);
  const padded = String(seconds).padStart(decimals === 0 ? 2 : 3 + decimals, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}` : `${minutes}:${padded}`;
}

/** `640 B`, `12.3 MB`; powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
