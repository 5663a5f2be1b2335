// Colours a film; sound, subtitles, chapters and metadata are copied as they are.
// Run: npx tsx examples/colorize-film.ts reel.mkv reel-colour.mp4
import { colorize, openFile, writeFile } from '../index.js';

const [input = 'reel.mkv', output = 'reel-colour.mp4'] = process.argv.slice(2);

const film = await openFile(input);
await writeFile(output, { ...film, video: film.video.pipe(colorize({ strength: 0.8 })) });
