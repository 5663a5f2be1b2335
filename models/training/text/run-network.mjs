// Runs an exported network on one input, for export.py to compare with PyTorch and to time it:
//   node run-network.mjs MODEL INPUT.f32 N,C,H,W TARGET.f32 [TIMES]
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, source, shape, target, times = '1'] = process.argv.slice(2);
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
const values = new Float32Array(Uint8Array.from(readFileSync(source)).buffer);
const feeds = { [session.inputNames[0]]: new Tensor('float32', values, shape.split(',').map(Number)) };
const took = [];
let outputs = await session.run(feeds);
for (let run = 1; run < Number(times); run++) {
  const begun = process.cpuUsage();
  outputs = await session.run(feeds);
  const { user, system } = process.cpuUsage(begun);
  took.push((user + system) / 1000);
}
writeFileSync(target, outputs[session.outputNames[0]].data);
// Of the processor, which others may use as well.
if (took.length > 0) console.log(`${took.sort((a, b) => a - b)[took.length >> 1].toFixed(1)} ms`);
