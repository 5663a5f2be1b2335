import { externalEngine } from '../../../streams/external/external-engine.js';
import { ffmpegChildren, openReader } from '../../helpers/engines.js';

/** Opens a film with the external engine, prints the id of its ffmpeg, and stays until it is killed. */
const { reader } = await openReader(await externalEngine(), process.argv[2] as string);
await reader.next();
console.log(ffmpegChildren()[0]);
setInterval(() => {}, 1000);
