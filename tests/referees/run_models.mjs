// Runs bare ONNX models on many inputs, for referees that compare whole pipelines.
//
//   node run_models.mjs FOLDER
//
// FOLDER/jobs.json is a list of { model, type, shape, input }: the file `input` in FOLDER holds the elements. The outputs of job n, in the
// order of the model, become n.0.bin, n.1.bin, …; what they are is printed as JSON: for each job a list of { type, shape }.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';

const folder = process.argv[2];
const sessions = new Map();
const results = [];
for (const [n, { model, type, shape, input }] of JSON.parse(
  readFileSync(join(folder, 'jobs.json'), 'utf8'),
).entries()) {
  const session = sessions.get(model) ?? (await ort.InferenceSession.create(model, { intraOpNumThreads: 2 }));
  sessions.set(model, session);
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, input));
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const data = type === 'float16' ? new Uint16Array(bytes) : new Float32Array(bytes);
  const outputs = await session.run({ [session.inputNames[0]]: new ort.Tensor(type, data, shape) });
  const told = session.outputNames.map((name, i) => {
    const tensor = outputs[name];
    writeFileSync(
      join(folder, `${n}.${i}.bin`),
      Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength),
    );
    return { type: tensor.type, shape: tensor.dims };
  });
  results.push(told);
}
console.log(JSON.stringify(results));
