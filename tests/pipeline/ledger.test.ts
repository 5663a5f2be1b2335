import { afterEach, describe, expect, it, vi } from 'vitest';
import { ledger } from '../../pipeline/ledger.js';
import { testFrame } from '../helpers/frames.js';

describe('ledger', () => {
  afterEach(() => {
    ledger.trace(false);
    vi.restoreAllMocks();
  });

  it('counts frames opened and closed, not their owners', () => {
    const { opened, closed, balance } = ledger;
    const frame = testFrame();
    expect([ledger.opened - opened, ledger.balance - balance]).toEqual([1, 1]);
    frame.retain().close();
    expect(ledger.closed).toBe(closed);
    frame.close();
    expect([ledger.closed - closed, ledger.balance - balance]).toEqual([1, 0]);
  });

  it('remembers where open frames came from while it traces', () => {
    ledger.trace(true);
    const frame = testFrame(3);
    expect(ledger.openOrigins).toEqual([expect.stringMatching(/VideoFrame 3 .*ledger\.test\.ts/s)]);
    frame.close();
    expect(ledger.openOrigins).toEqual([]);
  });

  it('warns of frames that were collected unclosed, at most once a second', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const now = vi.spyOn(performance, 'now');
    const collected = ledger.collectedUnclosed;
    for (const ms of [1_000_000, 1_000_400, 1_000_999, 1_001_000]) {
      now.mockReturnValue(ms);
      ledger.recordCollected('VideoFrame');
    }
    expect(ledger.collectedUnclosed - collected).toBe(4);
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn.mock.calls[0]).toEqual([expect.stringContaining('without close()'), { code: 'VITASCOPE_FRAME_LEAK' }]);
  });
});
