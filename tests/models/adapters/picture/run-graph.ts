import { writeFile } from 'node:fs/promises';
import type { InferencePool } from '../../../../models/inference-pool.js';
import type { InlineTensor, Tensor } from '../../../../models/tensor.js';

/** Runs a generated graph once. */
export async function runGraph(
  pool: InferencePool,
  path: string,
  graph: Uint8Array,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, InlineTensor>>> {
  await writeFile(path, graph);
  const model = await pool.load({ id: 'generated', path });
  try {
    return (await model.run(feeds)).outputs;
  } finally {
    await model.close();
  }
}
