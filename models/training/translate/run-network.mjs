/** Translates sentences through the package, greedily: `node --import tsx run-network.mjs FOLDER FROM TO '["…"]'`; used by export.py. */
import { openTranslator } from '../../adapters/translate/translator.js';
import { InferencePool } from '../../inference-pool.js';
import { modelInFolder } from '../../library/embedded-models.js';

const [folder, from, to, texts] = process.argv.slice(2);
const pool = new InferencePool({ workers: 1 });
const translator = await openTranslator(await modelInFolder(folder), pool);
const translations = await translator.translate(JSON.parse(texts), { from, to, beams: 1, noRepeat: 0 });
process.stdout.write(JSON.stringify(translations.map(({ text }) => text)));
await translator[Symbol.asyncDispose]();
await pool.dispose();
