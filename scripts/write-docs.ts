// Writes the parts of the documentation that come out of the code. A test compares them.
import { readFile, writeFile } from 'node:fs/promises';
import { documentedConfig } from '../config/server/document-config.js';
import { grafanaDashboard } from './grafana-dashboard.js';
import { withModelReference } from './model-reference.js';
import { withReference } from './operator-reference.js';

for (const [file, update] of [
  ['graphs.md', withReference],
  ['models.md', withModelReference],
] as const) {
  const path = new URL(`../docs/${file}`, import.meta.url);
  await writeFile(path, update(await readFile(path, 'utf8')));
}

await writeFile(new URL('../config/vitascope.yaml', import.meta.url), documentedConfig());
await writeFile(new URL('../docs/grafana/vitascope.json', import.meta.url), grafanaDashboard());
