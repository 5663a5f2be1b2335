import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { HEAVY_BYTES, loadOptionsFor } from '../../../models/adapters/heavy-model.js';
import { workspace } from '../../helpers/workspace.js';

describe('loadOptionsFor', () => {
  const path = workspace();

  it('has heavy models loaded once, with all cores, and others as often as there are workers', async () => {
    for (const [bytes, options] of [
      [HEAVY_BYTES - 1, {}],
      [HEAVY_BYTES, { replicas: 1, session: { intraOpThreads: availableParallelism() } }],
    ] as const) {
      const file = await open(path(`${bytes}.onnx`), 'w');
      // Sparse: it takes no space.
      await file.truncate(bytes);
      await file.close();
      expect(await loadOptionsFor(path(`${bytes}.onnx`))).toEqual(options);
    }
  });
});
