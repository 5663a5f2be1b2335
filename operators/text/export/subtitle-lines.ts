import type { SubtitleCue } from './subtitle-cue.js';
import type { TextSpan } from './text-span.js';

/** A film's cues as SubRip, line by line: what nearly every player loads. */
export function srtLines(cues: readonly SubtitleCue[]): readonly string[] {
  return cues.flatMap(({ fromUs, untilUs, lines }, i) => [
    `${i + 1}`,
    `${timeCode(fromUs, ',')} --> ${timeCode(untilUs, ',')}`,
    ...lines,
    '',
  ]);
}

/** Likewise as WebVTT. @see https://www.w3.org/TR/webvtt1/ */
export function vttLines(cues: readonly SubtitleCue[]): readonly string[] {
  const body = cues.flatMap(({ fromUs, untilUs, lines }) => [
    `${timeCode(fromUs, '.')} --> ${timeCode(untilUs, '.')}`,
    ...lines.map(escaped),
    '',
  ]);
  return ['WEBVTT', '', ...body];
}

const columns = ['id', 'from', 'until', 'text', 'language', 'translation', 'score'];
const corners = ['x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4'];

/** One row a line of text, as RFC 4180 has it: times in seconds, and the corners where it was seen last. */
export function csvLines(spans: readonly TextSpan[]): readonly string[] {
  const rows = spans.map(({ last, fromUs, untilUs }) => {
    const { id, text, language = '', translation = '', score, quad } = last;
    const fields = [id, seconds(fromUs), seconds(untilUs), text, language, translation, score.toFixed(3)];
    return [...fields, ...quad.flat().map((value) => value.toFixed(1))].map((field) => quoted(`${field}`)).join(',');
  });
  return [[...columns, ...corners].join(','), ...rows];
}

/** `01:02:03,456`; times before the beginning are the beginning. */
function timeCode(us: number, point: ',' | '.'): string {
  const ms = Math.max(0, Math.round(us / 1000));
  const two = (value: number): string => `${Math.floor(value)}`.padStart(2, '0');
  const rest = `${ms % 1000}`.padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${rest}`;
}

function seconds(us: number): string {
  return (us / 1_000_000).toFixed(3);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
