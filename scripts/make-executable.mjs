// Makes files executable. npx does so for a command once; after a new build it could not start it.
import { chmodSync } from 'node:fs';

for (const path of process.argv.slice(2)) chmodSync(path, 0o755);
