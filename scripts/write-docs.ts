// Writes the parts of the documentation that come out of the code. A test compares them.
import { readFile, writeFile } from 'node:fs/promises';
import { withReference } from './operator-reference.js';

const path = new URL('../docs/graphs.md', import.meta.url);
await writeFile(path, withReference(await readFile(path, 'utf8')));
