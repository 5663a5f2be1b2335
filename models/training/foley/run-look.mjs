// Runs the exported network that looks at what is hit, for export.py to compare with PyTorch:
//   node run-look.mjs MODEL CROPS.u8 TARGET.f32
import { readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, source, target] = process.argv.slice(2);
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
const crops = new Tensor('uint8', new Uint8Array(readFileSync(source)), session.inputMetadata[0].shape);
const { material } = await session.run({ crops });
writeFileSync(target, material.data);
