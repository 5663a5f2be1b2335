// Runs the exported network that looks at what is hit, one impact after another, for evaluate.py and export.py:
//   node run-look.mjs MODEL PICTURES.u8 GIVEN.f32 TARGET.f32
// Writes the outputs in the order in which the model has them, each of all impacts.
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, picturesPath, givenPath, target] = process.argv.slice(2);
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
const { shape } = session.inputMetadata.find(({ name }) => name === 'pictures');
const bytes = readFileSync(givenPath);
const given = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const pictures = new Uint8Array(readFileSync(picturesPath));
const count = given.length / 2;
const size = pictures.length / count;
const rows = Object.fromEntries(session.outputNames.map((name) => [name, []]));
for (let k = 0; k < count; k++) {
  const result = await session.run({
    pictures: new Tensor('uint8', pictures.slice(k * size, (k + 1) * size), shape),
    given: new Tensor('float32', given.slice(2 * k, 2 * k + 2), [1, 2]),
  });
  for (const name of session.outputNames) rows[name].push(Buffer.from(new Float32Array(result[name].data).buffer));
}
writeFileSync(target, Buffer.concat(session.outputNames.flatMap((name) => rows[name])));
