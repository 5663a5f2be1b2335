import { Command, Option } from 'commander';
import { VitascopeError } from '../../pipeline/index.js';
import { listSounds } from '../sounds/list.js';
import { type RenderFlags, renderSound } from '../sounds/render.js';
import { type SheetFlags, writeSheet } from '../sounds/sheet.js';

const bankOption = (): Option => new Option('--bank <folder>', 'a folder of your own sounds with its sounds.json, too');
const overwriteOption = (): Option => new Option('--overwrite', 'replace files that exist');

function numberOf(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw new VitascopeError('OPTION_INVALID', `${name}: expected a number, got "${text}"`);
  };
}

function seedOf(text: string): number {
  const value = numberOf('--seed')(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new VitascopeError('OPTION_INVALID', `--seed must be a whole number of 0 or more, got ${text}`);
}

export function soundsCommand(): Command {
  return new Command('sounds')
    .description('List, show and render the sounds that silent films are given.')
    .addHelpText(
      'after',
      `
Examples:
  vitascope sounds list
  vitascope sounds list --bank ./my-sounds
  vitascope sounds play-sheet -o sheet.png --wav sounds
  vitascope sounds render strike metal -o clang.wav --energy 0.9 --seed 3
  vitascope sounds render rain -o rain.wav --seconds 30

A sound is an action on a material (strike metal, step gravel), or a bed, which is the sound of a place (rain, street).
All of them are computed. Those of a folder of yours come before them, here and in films: --set foley.bank=FOLDER.`,
    )
    .addCommand(listCommand())
    .addCommand(sheetCommand())
    .addCommand(renderCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('What there is: actions on materials, beds, and how many of your sounds there are for each.')
    .addOption(bankOption())
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
With --bank every file is read and measured, so that mistakes in sounds.json are found here and not in the middle of a film.`,
    )
    .action(listSounds);
}

function sheetCommand(): Command {
  return new Command('play-sheet')
    .description('A picture of all sounds: their spectrograms, as PNG; with --wav the sounds too.')
    .requiredOption('-o, --output <file.png>', 'picture to write')
    .option('--wav <folder>', 'write each sound as a WAV file too, to listen to')
    .addOption(bankOption())
    .addOption(overwriteOption())
    .addHelpText(
      'after',
      `
Time runs to the right, frequency upwards from 50 Hz to 20 kHz; the brighter, the louder. Events are struck with energy 0.7.`,
    )
    .action((flags: SheetFlags) => writeSheet(flags));
}

function renderCommand(): Command {
  return new Command('render')
    .description('Write one sound as a WAV file: 48 kHz, 24 bits; events mono, beds stereo.')
    .argument('<sound...>', 'an action and a material, such as "strike metal"; or a bed, such as "rain"')
    .requiredOption('-o, --output <file.wav>', 'file to write')
    .option('--energy <0-1>', 'of an event: from a touch to a blow, 30 dB (default: 0.7)', numberOf('--energy'))
    .option('--size <0-1>', 'of an event: from a coin to a door (default: 0.5)', numberOf('--size'))
    .option('--seconds <number>', 'of a bed: how long, at most 600 (default: 10)', numberOf('--seconds'))
    .option('--seed <number>', 'another seed, another variation', seedOf, 1)
    .addOption(bankOption())
    .addOption(overwriteOption())
    .addHelpText(
      'after',
      `
Examples:
  vitascope sounds render strike glass -o tap.wav --energy 0.2 --size 0.1
  vitascope sounds render splash -o splash.wav
  vitascope sounds render street -o street.wav --seconds 60
  vitascope sounds render step gravel -o step.wav --bank ./my-sounds

\`vitascope sounds list\` names all actions, materials and beds.`,
    )
    .action((words: string[], flags: RenderFlags) => renderSound(words, flags));
}
