import { Command } from 'commander';
import { probe } from '../../streams/libav/probe.js';
import { describeFilm } from '../describe-film.js';

export function probeCommand(): Command {
  return new Command('probe')
    .description('Say what is in a file: container, tracks, languages, chapters.')
    .argument('<input>', 'film, image, or image sequence such as scan/%05d.png')
    .option('--json', 'as JSON, times in microseconds')
    .addHelpText('after', '\nExamples:\n  vitascope probe reel.mkv\n  vitascope probe reel.mkv --json')
    .action(async (input: string, flags: { json?: boolean }) => {
      const info = await probe(input);
      process.stdout.write(`${flags.json === true ? JSON.stringify(info, undefined, 2) : describeFilm(info)}\n`);
    });
}
