/** Entry of the trial of encoders while running from TypeScript source: `--import tsx` is not handed on to it. */
import { register } from 'tsx/esm/api';

register();
await import('./encoder-trial.ts');
