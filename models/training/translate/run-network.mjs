/** Translates sentences through the package: `node --import tsx run-network.mjs FOLDER FROM TO BEAMS < '["…"]'`; used by export.py, evaluate.py and names.py. BEAMS 0: as the model's maker says. */
import { text } from 'node:stream/consumers';
import { openTranslator } from '../../adapters/translate/translator.js';
import { InferencePool } from '../../inference-pool.js';
import { modelInFolder } from '../../library/embedded-models.js';

const [folder, from, to, beams] = process.argv.slice(2);
const pool = new InferencePool({ workers: 1 });
const translator = await openTranslator(await modelInFolder(folder), pool);
const search = beams === '0' ? {} : { beams: Number(beams), noRepeat: 0 };
const translations = await translator.translate(JSON.parse(await text(process.stdin)), { from, to, ...search });
process.stdout.write(JSON.stringify(translations.map(({ text }) => text)));
await translator[Symbol.asyncDispose]();
await pool.dispose();
