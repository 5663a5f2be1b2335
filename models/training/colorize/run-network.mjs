// Runs the exported network once, for export.py to compare with PyTorch:
//   node run-network.mjs MODEL LUMA.f32 HEIGHT WIDTH TEMPERATURE CHROMA.f32
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, source, height, width, temperature, target] = process.argv.slice(2);
const luma = new Float32Array(new Uint8Array(readFileSync(source)).buffer);
const session = await InferenceSession.create(model);
const { cbcr } = await session.run({
  thumb: new Tensor('float32', luma, [1, 1, Number(height), Number(width)]),
  temperature: new Tensor('float32', Float32Array.of(Number(temperature)), []),
});
writeFileSync(target, new Uint8Array(cbcr.data.buffer, cbcr.data.byteOffset, cbcr.data.byteLength));
