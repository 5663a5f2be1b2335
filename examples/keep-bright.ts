// Leaves out what is nearly black, with an operator of one's own in a `pipe()`.
// Run: npx tsx examples/keep-bright.ts reel.mkv reel-bright.mkv
import { filterFrames, openFile, tapFrames, writeFile } from '../index.js';
import { measureBrightness } from './measure-brightness.js';

const [input = 'reel.mkv', output = 'reel-bright.mkv'] = process.argv.slice(2);

const film = await openFile(input);
const bright = film.video.pipe(
  measureBrightness({ points: 500 }),
  // Both callbacks know `meta.brightness` by its type: without the line above they would not compile.
  tapFrames(({ frame, meta }) => console.log(JSON.stringify({ ptsUs: frame.ptsUs, brightness: meta.brightness }))),
  filterFrames(({ meta }) => meta.brightness > 0.1),
);
await writeFile(output, { ...film, video: bright }, { preset: 'veryfast' });
