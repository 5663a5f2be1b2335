import { readUserSounds } from '../bank/user/user-sounds.js';
import { FoleyMaker } from './foley-maker.js';
import type { FoleySoundOptions } from './foley-sound-options.js';
import type { SoundOperatorDefinition } from './sound-operator.js';

/** How sound is made of what the operator `foley` attaches: what its definition says under `sound`. */
export const foleySound: SoundOperatorDefinition<FoleySoundOptions>['sound'] = {
  wish: ({ when, mix }) => ({ when, mix }),
  hears: ['sounds'],
  make: async ({ bank, ambience, seed }, startUs, pace) => {
    const users = bank === undefined ? undefined : await readUserSounds(bank);
    return new FoleyMaker({ ambience, seed, startUs, users, pace });
  },
};
