/**
 * Translates sentences as translate-text does, so that names survive: `node --import tsx translate-named.ts FOLDER FROM TO < '["…"]'`, null for what it leaves alone.
 * Used by models/training/translate/names.py.
 */
import { text } from 'node:stream/consumers';
import { openTranslator } from '../../../models/adapters/translate/translator.js';
import { InferencePool } from '../../../models/inference-pool.js';
import { modelInFolder } from '../../../models/library/embedded-models.js';
import { NameKeeper } from '../../../operators/text/translate/name-keeper.js';

const [folder = '', from, to] = process.argv.slice(2);
const pool = new InferencePool({ workers: 1 });
const model = await modelInFolder(folder);
if (model === undefined) throw new Error(`no model.json in ${folder}`);
const translator = await openTranslator(model, pool);
const sentences = (JSON.parse(await text(process.stdin)) as string[]).map((sentence) => ({ text: sentence }));
const translations = await new NameKeeper(translator).translate(sentences, { from, to });
process.stdout.write(JSON.stringify(translations.map((translation) => translation?.text ?? null)));
await translator[Symbol.asyncDispose]();
await pool.dispose();
