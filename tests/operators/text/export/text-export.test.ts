import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TextExport, type TextExportFormat } from '../../../../operators/text/export/text-export.js';
import { type TextFrame, type TextRecord, textRecord } from '../../../../operators/text/export/text-frame.js';
import { workspace } from '../../../helpers/workspace.js';

const FRAME_US = 40_000;

function line(id: number, text: string, y: number, more: Partial<TextRecord> = {}): TextRecord {
  return {
    id,
    quad: [
      [10, y],
      [110, y],
      [110, y + 20],
      [10, y + 20],
    ],
    text,
    score: 0.9,
    ...more,
  };
}

/** A film whose texts are told by the number of the frame. */
function film(frames: number, textsAt: (i: number) => readonly TextRecord[]): readonly TextFrame[] {
  return Array.from({ length: frames }, (_, i) => ({ ptsUs: i * FRAME_US, texts: textsAt(i) }));
}

async function writtenAt(path: string, format: TextExportFormat, frames: readonly TextFrame[]): Promise<string> {
  const target = await TextExport.open(format, path);
  for (const frame of frames) target.write(frame);
  expect(await target.finish()).toEqual([path]);
  return readFile(path, 'utf8');
}

describe('TextExport', () => {
  const file = workspace();
  const written = (format: TextExportFormat, frames: readonly TextFrame[]): Promise<string> =>
    writtenAt(file(`film.${format}`), format, frames);

  it('writes lines that come and go together as one cue, in the order in which they are read', async () => {
    const frames = film(100, (i) =>
      i >= 25 && i < 75 ? [line(2, 'de secours', 330), line(1, 'Sortie', 300)] : i >= 80 ? [line(3, 'Fin', 300)] : [],
    );
    expect(await written('srt', frames)).toBe(
      '1\n00:00:01,000 --> 00:00:03,000\nSortie\nde secours\n\n2\n00:00:03,200 --> 00:00:04,000\nFin\n\n',
    );
  });

  it('ends a line where it begins to fade out, and takes its last reading', async () => {
    const frames = film(20, (i) => {
      if (i < 2) return [line(1, 'Exlt', 300, { opacity: (i + 1) / 4 })];
      if (i < 10) return [line(1, 'Exit', 300)];
      return i < 13 ? [line(1, 'Exit', 300, { opacity: (13 - i) / 4 })] : [];
    });
    expect(await written('srt', frames)).toBe('1\n00:00:00,000 --> 00:00:00,400\nExit\n\n');
  });

  it('goes on with a line that was lost for a moment', async () => {
    const frames = film(50, (i) => (i < 20 ? [line(1, 'Exit', 300)] : i >= 25 ? [line(2, 'Exit', 300)] : []));
    expect(await written('vtt', frames)).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nExit\n\n');
  });

  it('writes translations where there are some, and escapes what WebVTT would read as markup', async () => {
    const frames = film(25, () => [line(1, 'Tom & <moi>', 300, { translation: 'Tom & <me>' })]);
    expect(await written('vtt', frames)).toContain('\nTom &amp; &lt;me&gt;\n');
    expect(await written('srt', frames)).toContain('\nTom & <me>\n');
  });

  it('leaves a blank line nowhere: a line whose translation is empty is said by those before', async () => {
    const lines = [line(1, 'Sortie', 300, { translation: 'Exit' }), line(2, 'de secours', 330, { translation: '' })];
    const both = film(25, () => lines);
    expect(await written('srt', both)).toBe('1\n00:00:00,000 --> 00:00:01,000\nExit\n\n');
    const second = film(25, () => lines.slice(1));
    expect(await written('vtt', second)).toBe('WEBVTT\n\n');
  });

  it('writes a table with a row a line', async () => {
    const frames = film(25, () => [line(7, 'Pain, "chaud"', 300, { language: 'fr', translation: 'Warm bread' })]);
    expect(await written('csv', frames)).toBe(
      'id,from,until,text,language,translation,score,x1,y1,x2,y2,x3,y3,x4,y4\n' +
        '7,0.000,1.000,"Pain, ""chaud""",fr,Warm bread,0.900,10.0,300.0,110.0,300.0,110.0,320.0,10.0,320.0\n',
    );
  });

  it('writes a file without cues for a film without text', async () => {
    expect(
      await written(
        'srt',
        film(3, () => []),
      ),
    ).toBe('');
    expect(
      await written(
        'vtt',
        film(3, () => []),
      ),
    ).toBe('WEBVTT\n\n');
  });
});

describe('textRecord', () => {
  it('leaves out an opacity of 1', () => {
    const { quad } = line(1, 'Exit', 0);
    expect(textRecord({ id: 1, quad, text: 'Exit', score: 1, opacity: 1 })).not.toHaveProperty('opacity');
    expect(textRecord({ id: 1, quad, text: 'Exit', score: 1, opacity: 0.5 }).opacity).toBe(0.5);
  });
});
