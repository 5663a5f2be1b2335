import { Command, Option } from 'commander';
import { type ModelTask, modelFamilyNames, modelTasks } from '../../models/catalog/families.js';
import { ModelLibrary } from '../../models/library/model-library.js';
import { type AddFlags, addModel } from '../models/add.js';
import { listModels } from '../models/list.js';
import { type PullFlags, pullModels } from '../models/pull.js';
import { showModel } from '../models/show.js';
import { pruneModels, verifyModels } from '../models/upkeep.js';
import { progressStyles } from '../progress/show-progress.js';
import { formatBytes } from '../time-code.js';

interface LibraryFlags {
  readonly folder?: string;
  readonly mirror?: string;
  readonly offline?: boolean;
}

const folderOption = (): Option =>
  new Option('--folder <folder>', 'where models lie (default: VITASCOPE_MODELS, then a cache folder of your system)');

export function modelsCommand(): Command {
  return new Command('models')
    .description('List, download, check and add the models that operators run.')
    .addHelpText(
      'after',
      `
Examples:
  vitascope models list --task colorize
  vitascope models pull ddcolor-tiny
  vitascope models add mine.onnx --id mine --task stylize --input image:rgb:0-255 --output image:rgb:0-255

Small models ship with the package and need none of this. VITASCOPE_MODELS names another folder for the others,
VITASCOPE_MODEL_MIRROR a server to fetch from, and with VITASCOPE_OFFLINE=1 nothing is fetched.`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(pullCommand())
    .addCommand(verifyCommand())
    .addCommand(pruneCommand())
    .addCommand(whereCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand());
}

function open({ folder, mirror, offline }: LibraryFlags): ModelLibrary {
  return new ModelLibrary({
    ...(folder !== undefined && { folder }),
    ...(mirror !== undefined && { mirror }),
    ...(offline !== undefined && { offline }),
  });
}

function listCommand(): Command {
  return new Command('list')
    .description('All models: their size, licence, whether they are here, and how good they are said to be.')
    .addOption(new Option('--task <task>', 'only models for this task').choices(modelTasks))
    .option('--here', 'only models that are on this machine')
    .option('--json', 'as JSON')
    .addOption(folderOption())
    .action(async (flags: LibraryFlags & { task?: ModelTask; here?: boolean; json?: boolean }) =>
      listModels(open(flags), flags),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('All that is known of a model: files, licence, tensors, where each fact comes from.')
    .argument('<id>', 'id of a model')
    .option('--json', 'as JSON')
    .addOption(folderOption())
    .action(async (id: string, flags: LibraryFlags & { json?: boolean }) => showModel(open(flags), id, flags));
}

function pullCommand(): Command {
  return new Command('pull')
    .description('Download models, or go on with downloads that were cut short.')
    .argument('<id...>', 'ids of models')
    .option('--accept-licence', 'accept a licence that forbids commercial use')
    .option('--force', 'download again what is here already')
    .option('--offline', 'open no connection: fail if something is not here')
    .option('--mirror <url>', 'fetch https://HOST/PATH from URL/HOST/PATH (default: VITASCOPE_MODEL_MIRROR)')
    .addOption(folderOption())
    .addOption(new Option('--progress <style>', 'how to show progress').choices(progressStyles).default('auto'))
    .addHelpText(
      'after',
      `
Examples:
  vitascope models pull rtmpose-t rtmdet-nano-person
  vitascope models pull nllb-200-distilled-600m --accept-licence
  HTTPS_PROXY=http://proxy:3128 vitascope models pull ddcolor-tiny

Ctrl-C keeps what has arrived; the same command then goes on where it ended.`,
    )
    .action(async (ids: string[], flags: LibraryFlags & PullFlags) => pullModels(open(flags), ids, flags));
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Hash the files of models that are here, and compare them with what they must be.')
    .argument('[id...]', 'ids of models (default: all that are here)')
    .option('--json', 'as JSON')
    .addOption(folderOption())
    .action(async (ids: string[], flags: LibraryFlags & { json?: boolean }) => verifyModels(open(flags), ids, flags));
}

function pruneCommand(): Command {
  return new Command('prune')
    .description('Remove unfinished downloads and versions that are no longer used. Models that you added stay.')
    .option('--all', 'remove every downloaded model')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'as JSON')
    .addOption(folderOption())
    .action(async (flags: LibraryFlags & { all?: boolean; dryRun?: boolean; json?: boolean }) =>
      pruneModels(open(flags), flags),
    );
}

function whereCommand(): Command {
  return new Command('where')
    .description('Print the folder where models lie, or that of one model.')
    .argument('[id]', 'id of a model that is here')
    .addOption(folderOption())
    .action(async (id: string | undefined, flags: LibraryFlags) => {
      const library = open(flags);
      process.stdout.write(`${id === undefined ? library.folder : (await library.find(id)).folder}\n`);
    });
}

function addCommand(): Command {
  return new Command('add')
    .description('Add a model of your own: an ONNX file, or a folder with all files that its family needs.')
    .argument('<path>', '.onnx file, or folder')
    .requiredOption('--id <id>', 'a new id: lower-case words, digits, dots and hyphens')
    .option('--like <id>', 'read it like this model of the catalog; the other options then only change details')
    .addOption(new Option('--task <task>', 'what it does').choices(modelTasks))
    .addOption(
      new Option('--family <family>', 'which adapter reads it (default: the one for the task)').choices(
        modelFamilyNames,
      ),
    )
    .option('--input <image>', 'how it wants its image, such as image:rgb:0-255')
    .option('--output <image>', 'how it gives its image, likewise')
    .option('--title <text>', 'a name for people')
    .option('--licence <text>', 'licence of the weights, such as MIT (default: unknown)')
    .option('--link', 'link to the file in place of a copy; it must then stay where it is')
    .option('--replace', 'take the place of a model that was added under the same id')
    .option('--allow-custom-ops', 'allow operators that are neither of ONNX nor of the runtime')
    .option('--json', 'as JSON')
    .addOption(folderOption())
    .addHelpText(
      'after',
      `
An image is described as image:CHANNELS:LOW-HIGH and then, with colons between:
  rgb bgr gray        channels, in this order
  0-255 0-1 -1..1     what black and white are, before mean and standard deviation
  nhwc                channels come last (else nchw)
  uint8 float16 int32 element type (else that of the file)
  mean=… std=…        one number, or one a channel: the network sees (value - mean) / std
  size=HxW            what it is fed, where the file leaves it open
  fit=…               letterbox, stretch, crop, height
  scale=N             of an output: pixels an input pixel becomes

Examples:
  vitascope models add mine.onnx --id mine --task stylize --input image:rgb:0-255 --output image:rgb:0-255
  vitascope models add up.onnx --id up --task upscale --input image:rgb:0-1 --output image:rgb:0-1:scale=2
  vitascope models add tuned.onnx --id tuned --like yolox-nano

The file is inspected before it is added: \`vitascope models show\` lists what models of a family must have.`,
    )
    .action(async (path: string, flags: LibraryFlags & AddFlags) => addModel(open(flags), path, flags));
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Remove a downloaded or added model.')
    .argument('<id>', 'id of a model')
    .addOption(folderOption())
    .action(async (id: string, flags: LibraryFlags) => {
      const bytes = await open(flags).remove(id);
      process.stderr.write(`removed ${id}: ${formatBytes(bytes)} are free again\n`);
    });
}
