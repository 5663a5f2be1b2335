// Runs a bare ONNX model for the Python referees, which have no runtime of their own.
//
//   node run_model.mjs MODEL IN.bin OUT.bin D0 D1 D2 D3
//
// IN.bin holds float32 of the shape D0…; OUT.bin gets the first output, its shape is printed as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';

const [model, from, to, ...shape] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 2 });
const bytes = readFileSync(from);
const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const outputs = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, shape.map(Number)) });
const output = outputs[session.outputNames[0]];
writeFileSync(to, Buffer.from(output.data.buffer, output.data.byteOffset, output.data.byteLength));
console.log(JSON.stringify(output.dims));
