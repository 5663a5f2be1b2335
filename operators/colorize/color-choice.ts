import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ColorNetwork, openColorNetwork } from '../../models/adapters/colorize/color-network.js';
import { embeddedFolder } from '../../models/model-source.js';
import { VitascopeError } from '../../pipeline/index.js';
import { expectModel, findModel, type ModelFinder } from '../library-model.js';
import { findModelFolder, type ModelFolder } from './model-folder.js';

/** Which model colours, and how large it looks. */
export interface ColorChoice {
  /** The graphs around the network, and the network itself where there is no other. */
  readonly folder: ModelFolder;
  /** Another network than the folder's, found and opened when it is first asked for. */
  readonly network: (() => Promise<ColorNetwork>) | undefined;
  /** Short side of the thumbnail along which colours are steadied and enlarged, pixels. */
  readonly shortSide: number;
  /** What the user wants the other network to be shown, pixels. */
  readonly wantedSide: number | undefined;
  /** See `colorize`. */
  readonly saturation: number;
}

/** What `colorize` is told about its model. */
export interface ColorWish {
  readonly model: string;
  readonly detail?: number | undefined;
  readonly saturation?: number | undefined;
}

/** The model of the package; its graphs go around every other one as well. */
const OWN_MODEL = 'colorize-small';
/** Settings that suit models in folders, such as {@link OWN_MODEL}. */
export const folderDefaults = { detail: 96, saturation: 1.4 } as const;
/** Larger thumbnails than these would put motion beyond the reach of the search. */
const MAX_SHORT_SIDE = 256;
const NETWORK_SHORT_SIDE = 160;

/**
 * Finds the model of `colorize`: an embedded one by its id, a folder by its path, or a model of the library by its id, around which go the graphs of the
 * embedded one.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`
 */
export function chooseColors({ model, detail, saturation }: ColorWish, library?: ModelFinder): ColorChoice {
  if (isFolder(model)) {
    checkDetail(model, detail);
    return {
      folder: findModelFolder(model),
      network: undefined,
      shortSide: detail ?? folderDefaults.detail,
      wantedSide: undefined,
      saturation: saturation ?? folderDefaults.saturation,
    };
  }
  if (library === undefined) expectModel('colorize', model, 'colorize');
  let opening: Promise<ColorNetwork> | undefined;
  return {
    folder: findModelFolder(OWN_MODEL),
    network: () => {
      opening ??= findModel('colorize', model, 'colorize', library).then(openColorNetwork);
      return opening;
    },
    shortSide: NETWORK_SHORT_SIDE,
    wantedSide: detail,
    saturation: saturation ?? 1,
  };
}

function isFolder(model: string): boolean {
  if (/[/\\]/.test(model)) return true;
  const embedded = embeddedFolder();
  return embedded !== undefined && existsSync(join(embedded, model, 'model.json'));
}

function checkDetail(model: string, detail: number | undefined): void {
  if (detail === undefined || detail <= MAX_SHORT_SIDE) return;
  throw new VitascopeError(
    'OPTION_INVALID',
    `colorize: detail must be at most ${MAX_SHORT_SIDE} for the model ${model}, got ${detail}`,
    { context: { operator: 'colorize', detail, model } },
  );
}
