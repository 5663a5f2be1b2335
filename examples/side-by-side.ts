// Before and after in one picture: the stream branches, one branch is coloured, and both are joined by time.
// Run: npx tsx examples/side-by-side.ts reel.mkv reel-both.mp4
import { branchFrames, colorize, openFile, sideBySide, type VideoSample, writeFile } from '../index.js';

const [input = 'reel.mkv', output = 'reel-both.mp4'] = process.argv.slice(2);

const film = await openFile(input);
const [before, after] = branchFrames<VideoSample>(film.video, 2);
if (before === undefined || after === undefined) throw new Error('asked for two branches');
await writeFile(output, { ...film, video: sideBySide(before, after.pipe(colorize())) }, { preset: 'veryfast' });
