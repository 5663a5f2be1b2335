// node run-teacher.mjs classifier.onnx parts.f16 count classes.f16: what a classifier of one float16 input [1, 3, 224, 224] says of each part.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const SHAPE = [1, 3, 224, 224];
const VALUES = SHAPE.reduce((a, b) => a * b);

const [, , model, source, count, target] = process.argv;
const session = await InferenceSession.create(model, { intraOpNumThreads: 2 });
const [from, to] = [openSync(source, 'r'), openSync(target, 'w')];
for (let k = 0; k < Number(count); k++) {
  const values = new Uint16Array(VALUES);
  readSync(from, values, 0, values.byteLength, k * values.byteLength);
  const outputs = await session.run({ [session.inputNames[0]]: new Tensor('float16', values, SHAPE) });
  const { data } = outputs[session.outputNames[0]];
  writeSync(to, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
closeSync(from);
closeSync(to);
