import { describe, expect, it } from 'vitest';
import { noteOf } from '../../cli/use-provider.js';

const proof = { maxError: 0, ms: 2.5, atLeast: false, cpuMs: 20, firstMs: 1, sessionMs: 1 };

describe('what is said of a provider', () => {
  it('is nothing to a person where the machine never had another one', () => {
    const absent = { provider: 'cuda', kind: 'absent', reason: 'not installed' } as const;
    const { text, json } = noteOf({ model: 'm', provider: 'cpu', refused: [absent], selfTest: undefined });
    expect(text).toBeUndefined();
    expect(json).toEqual({
      type: 'note',
      note: 'provider',
      model: 'm',
      provider: 'cpu',
      refused: [absent],
      selfTest: null,
    });
  });

  it('is who computes, how fast, and who was refused for what', () => {
    const wrong = { provider: 'cuda', kind: 'wrong', reason: 'output "y" is all zeros' } as const;
    expect(noteOf({ model: 'm', provider: 'webgpu', refused: [wrong], selfTest: proof }).text).toBe(
      'm runs on webgpu (2.5 ms a run, CPU 20.0 ms); cuda was refused: output "y" is all zeros',
    );
    expect(noteOf({ model: 'm', provider: 'cpu', refused: [wrong], selfTest: undefined }).text).toBe(
      'm runs on cpu; cuda was refused: output "y" is all zeros',
    );
  });
});
