import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subtitlePayload, subtitleText } from '../../../streams/file/subtitle-text.js';

describe('subtitleText', () => {
  it.each([
    ['subrip', '<i>Quiet</i>, <font color="red">please</font>.', 'Quiet, please.'],
    ['subrip', '{\\an8}Above', 'Above'],
    ['subrip', 'a < b, b > c', 'a < b, b > c'],
    ['webvtt', '<v Roger>Good <b>morning</b>', 'Good morning'],
    ['ass', '0,0,Default,,0,0,0,,Silence, {\\i1}svp{\\i0}.\\NEncore', 'Silence, svp.\nEncore'],
    ['text', 'plain', 'plain'],
  ])('reads %s: %s', (codec, payload, text) => {
    expect(subtitleText(Buffer.from(payload), codec)).toBe(text);
  });

  it('reads nothing from a cut-off packet', () => {
    expect(subtitleText(Buffer.from([0]), 'mov_text')).toBe('');
    expect(subtitleText(Buffer.alloc(0), 'ass')).toBe('');
  });

  it('gets back any text that was written as mov_text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(subtitleText(subtitlePayload(text, 'mov_text'), 'mov_text')).toBe(text);
      }),
    );
  });
});
