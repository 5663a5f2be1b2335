import { extname } from 'node:path';
import { type VitascopeError as Failure, VitascopeError } from '../../../pipeline/index.js';
import type { LiveOutput } from '../live-types.js';
import { FileOutput, recordingExtensions } from './file-output.js';
import { FlvOutput } from './flv-output.js';

/** What an output is given besides its address. */
export interface OutputOptions {
  /** Hears what goes wrong, with the output's name; nothing in it is secret. */
  readonly onTrouble?: ((name: string, error: Failure) => void) | undefined;
  /** Outputs of other kinds by scheme, such as `hls` for `hls:FOLDER`; they are given what follows the colon. */
  readonly others?: Readonly<Record<string, (address: string) => LiveOutput>> | undefined;
}

/**
 * The output that an address means: `rtmp://…` or `rtmps://…`, `file:PATH` or a path by its extension, and those of `others`. Nothing is opened yet.
 *
 * @throws VitascopeError `OPTION_INVALID` with what is known. It does not repeat the address of a server, which may hold secrets.
 */
export function outputFor(address: string, options: OutputOptions = {}): LiveOutput {
  const { others = {}, onTrouble } = options;
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  const rest = scheme === undefined ? address : address.slice(scheme.length + 1);
  if (scheme === 'rtmp' || scheme === 'rtmps') {
    const output: FlvOutput = new FlvOutput({ url: address, onTrouble: (error) => onTrouble?.(output.name, error) });
    return output;
  }
  const other = scheme === undefined || !Object.hasOwn(others, scheme) ? undefined : others[scheme];
  if (other !== undefined) return other(rest);
  const path = scheme === 'file' ? rest.replace(/^\/\/(?=\/)/, '') : scheme === undefined ? address : undefined;
  if (path !== undefined && recordingExtensions.includes(extname(path).toLowerCase())) {
    return new FileOutput({ path, onTrouble: (error) => onTrouble?.(path, error) });
  }
  const kinds = ['rtmp://HOST/APP/KEY', 'rtmps://…', ...Object.keys(others).map((name) => `${name}:…`)];
  const what = path === undefined ? `the scheme "${scheme}:"` : `"${path}"`;
  throw new VitascopeError(
    'OPTION_INVALID',
    `no live output is known for ${what}: expected ${kinds.join(', ')}, or a path that ends in ${recordingExtensions.join(', ')}`,
  );
}
