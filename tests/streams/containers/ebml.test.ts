import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  child,
  elements,
  encodeElement,
  encodeMaster,
  encodeText,
  encodeUnsigned,
  encodeVoid,
  readHeader,
  sizeBytes,
  text,
  unsigned,
} from '../../../streams/containers/ebml.js';

describe('EBML', () => {
  it.each([
    [0, '80'],
    [126, 'fe'],
    [127, '407f'],
    [16_382, '7ffe'],
    [16_383, '203fff'],
  ])('writes the size %i as %s, leaving all ones to mean "unknown"', (size, hex) => {
    expect(sizeBytes(size).toString('hex')).toBe(hex);
  });

  it('reads an unknown size as undefined', () => {
    expect(readHeader(Buffer.from('1853806701ffffffffffffff', 'hex'), 0)).toEqual({
      id: 0x18538067,
      headerLength: 12,
      size: undefined,
    });
  });

  it('reads back the unsigned integers it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(unsigned(child(encodeUnsigned(0x73c4, value), 0x73c4))).toBe(value);
      }),
    );
  });

  it('reads back nested elements in order', () => {
    const body = encodeMaster(0xb6, [encodeText(0x85, 'Zürich'), encodeUnsigned(0x91, 5), encodeText(0x85, '')]);
    const [master] = [...elements(body)];
    const children = [...elements(master?.body ?? Buffer.alloc(0))];
    expect(children.map((element) => element.id)).toEqual([0x85, 0x91, 0x85]);
    expect(text(children[0]?.body)).toBe('Zürich');
  });

  it('fills any gap of two bytes or more exactly', () => {
    for (const length of [2, 9, 10, 11, 130, 131, 1000]) {
      const filler = encodeVoid(length);
      const header = readHeader(filler, 0);
      expect(filler).toHaveLength(length);
      expect((header?.headerLength ?? 0) + (header?.size ?? 0)).toBe(length);
    }
  });

  it('stops at damage instead of throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const element of elements(Buffer.from(bytes)))
          expect(element.body.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
    const cut = encodeElement(0xb6, Buffer.alloc(20)).subarray(0, 10);
    expect([...elements(cut)]).toEqual([]);
  });
});
