// Runs the exported network once, for export.py to compare with PyTorch:
//   node run-network.mjs MODEL IMAGE.f32 HEIGHT WIDTH TARGET.f32 OUTPUT…
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, source, height, width, target, ...outputs] = process.argv.slice(2);
const image = new Float32Array(new Uint8Array(readFileSync(source)).buffer);
const session = await InferenceSession.create(model);
const maps = await session.run({ image: new Tensor('float32', image, [1, 3, Number(height), Number(width)]) });
const bytes = outputs
  .map((name) => maps[name].data)
  .map((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
writeFileSync(target, Buffer.concat(bytes));
