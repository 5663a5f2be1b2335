// Runs bare ONNX networks for Python scripts, where Python has no runtime of its own: raw tensors in, raw tensors out.
//
//   node run-networks.mjs
//
// Asked on standard input by a line of JSON, { model, shape }, and float32 of that shape for the network's first input; answers on standard
// output with a line of JSON, the shapes and types of all outputs in their order, and their elements.
import { once } from 'node:events';
import * as ort from 'onnxruntime-node';

const sessions = new Map();
let held = Buffer.alloc(0);

for await (const chunk of process.stdin) {
  held = Buffer.concat([held, chunk]);
  for (let asked = takeRequest(); asked !== undefined; asked = takeRequest()) await answer(asked);
}

function takeRequest() {
  const end = held.indexOf('\n');
  if (end < 0) return undefined;
  const { model, shape } = JSON.parse(held.toString('utf8', 0, end));
  const last = end + 1 + 4 * shape.reduce((product, size) => product * size, 1);
  if (held.length < last) return undefined;
  const data = new Float32Array(new Uint8Array(held.subarray(end + 1, last)).buffer);
  held = held.subarray(last);
  return { model, shape, data };
}

async function answer({ model, shape, data }) {
  const session = sessions.get(model) ?? (await ort.InferenceSession.create(model, { intraOpNumThreads: 2 }));
  sessions.set(model, session);
  const results = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, shape) });
  const outputs = session.outputNames.map((name) => results[name]);
  await write(`${JSON.stringify(outputs.map(({ type, dims }) => ({ type, shape: dims })))}\n`);
  for (const {
    data: { buffer, byteOffset, byteLength },
  } of outputs) {
    await write(Buffer.from(buffer, byteOffset, byteLength));
  }
}

async function write(bytes) {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}
