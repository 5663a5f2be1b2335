// Runs the exported network step by step, for export.py to compare with PyTorch:
//   node run-network.mjs MODEL PICTURES.u8 STEPS SIZE TARGET.f32 OUTPUT…
// Writes each output of all steps, one after the other; then prints the milliseconds of a step.
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, source, stepsText, sizeText, target, ...outputs] = process.argv.slice(2);
const [steps, size] = [Number(stepsText), Number(sizeText)];
const pictures = new Uint8Array(readFileSync(source));
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
const states = {};
for (const { name, shape } of session.inputMetadata) {
  if (name === 'picture') continue;
  const length = shape.reduce((product, side) => product * side, 1);
  states[name] = new Tensor('float32', new Float32Array(length), shape);
}
const rows = Object.fromEntries(outputs.map((name) => [name, []]));
const begun = performance.now();
for (let step = 0; step < steps; step++) {
  const picture = pictures.slice(step * 3 * size * size, (step + 1) * 3 * size * size);
  const result = await session.run({ picture: new Tensor('uint8', picture, [1, 3, size, size]), ...states });
  for (const name of Object.keys(states)) states[name] = result[`${name}_next`];
  for (const name of outputs)
    rows[name].push(
      Uint8Array.from(
        new Uint8Array(result[name].data.buffer, result[name].data.byteOffset, result[name].data.byteLength),
      ),
    );
}
const each = (performance.now() - begun) / steps;
writeFileSync(target, Buffer.concat(outputs.flatMap((name) => rows[name])));
console.log(`${each.toFixed(2)} ms a step`);
