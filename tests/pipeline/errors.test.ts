import { describe, expect, it } from 'vitest';
import { asVitascopeError, errorCodes, hasCode, VitascopeError } from '../../pipeline/errors.js';

describe('VitascopeError', () => {
  it('carries a code, a context and a cause', () => {
    const cause = new Error('below');
    const error = new VitascopeError('DECODE_FAILED', 'decoder: gave up', { context: { at: 3 }, cause });
    expect(error).toMatchObject({ name: 'VitascopeError', code: 'DECODE_FAILED', context: { at: 3 }, cause });
    expect(error).toBeInstanceOf(Error);
  });

  it('has an empty context and no cause unless they are given', () => {
    const error = new VitascopeError('ABORTED', 'stopped');
    expect(error.context).toEqual({});
    expect('cause' in error).toBe(false);
  });

  it('is told apart by its code', () => {
    const error = new VitascopeError('ABORTED', 'stopped');
    expect([hasCode(error, 'ABORTED'), hasCode(error, 'GRAPH_TYPE'), hasCode(new Error('x'), 'ABORTED')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('wraps what is not ours and leaves what is', () => {
    const ours = new VitascopeError('ABORTED', 'stopped');
    expect(asVitascopeError(ours, 'ENCODER_FAILED', 'encoder')).toBe(ours);
    const theirs = new Error('EINVAL');
    expect(asVitascopeError(theirs, 'ENCODER_FAILED', 'encoder')).toMatchObject({
      code: 'ENCODER_FAILED',
      message: 'encoder: EINVAL',
      cause: theirs,
    });
    expect(asVitascopeError('text', 'ENCODER_FAILED', 'encoder').message).toBe('encoder: text');
  });

  it('explains every code in one sentence', () => {
    for (const [code, sentence] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});
