import { Command, InvalidArgumentError, Option } from 'commander';
import { loadServerConfig } from '../../config/server/config-file.js';
import { matchRoute } from '../../config/server/match-route.js';
import type { ServerConfig } from '../../config/server/server-config.js';
import type { AccessConfig } from '../../config/server/stream-settings.js';
import { VitascopeError } from '../../pipeline/errors.js';
import { FETCHED_APP, PROCESSED } from '../../server/access.js';
import { addressesOf } from '../../server/addresses.js';
import { type SignedUse, sign } from '../../streams/rtmp-server/stream-keys.js';

type Action = SignedUse['action'];

interface SignFlags {
  readonly action: Action;
  /** Seconds. */
  readonly for: number;
  readonly config: string;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MOST_SECONDS = 3650 * 86_400;

/** `90s`, `30m`, `2h`, `7d`, in seconds. */
function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError('expected something like 90s, 30m, 2h or 7d, at most 3650d');
}

/** @param file Read when no other is named. */
export function signCommand(file: string): Command {
  return new Command('sign')
    .description('Sign URLs that expire, for one stream and one use, with the secret of its route.')
    .argument('<path>', 'path of the stream, such as live/cam1; of a source live/NAME')
    .addOption(
      new Option('-a, --action <action>', 'what the URL is good for').choices(['publish', 'play']).default('play'),
    )
    .option('--for <duration>', 'for how long: 90s, 30m, 2h, 7d', duration, 3600)
    .option('-c, --config <file>', 'configuration', file)
    .addHelpText(
      'after',
      `
The first line is the signed query, the others are whole URLs. They begin with http.publicUrl and rtmp.publicUrl of the
configuration; without these put the name that viewers or publishers know the server by in the place of localhost.`,
    )
    .action(printSigned);
}

async function printSigned(path: string, flags: SignFlags): Promise<void> {
  const { config } = await loadServerConfig(flags.config);
  const expires = Math.floor(Date.now() / 1000) + flags.for;
  const { query, urls } = signedUrls(config, path, flags.action, expires);
  const until = new Date(expires * 1000).toISOString();
  process.stdout.write(`${[query, ...urls].join('\n')}\n`);
  process.stderr.write(`good until ${until} to ${flags.action}\n`);
}

/**
 * The signed query of a stream, and the URLs that it makes.
 *
 * @param expires Unix time, seconds.
 * @throws VitascopeError `OPTION_INVALID` where no route or source takes the path, or it has no secret to sign with.
 */
export function signedUrls(
  config: ServerConfig,
  path: string,
  action: Action,
  expires: number,
): { readonly query: string; readonly urls: readonly string[] } {
  const base = path.replace(/^\//, '').replace(new RegExp(`\\${PROCESSED}$`), '');
  const { access, where } = accessOf(config, base, action);
  if (access.signed === null) throw invalid(`${where} has no ${action}.signed: set a secret of at least 16 characters`);
  const query = sign({ action, path: base, expires }, access.signed);
  const { rtmp, http } = addressesOf(config, { rtmp: config.rtmp.port, http: config.http.port });
  const name = base.slice(base.indexOf('/') + 1);
  const plain =
    action === 'publish'
      ? [`${rtmp}/${base}`]
      : [`${rtmp}/${base}${PROCESSED}`, `${http}/${base}.flv`, `${http}/hls/${name}/index.m3u8`];
  return { query, urls: plain.map((url) => `${url}?${query}`) };
}

function accessOf(config: ServerConfig, path: string, action: Action): { access: AccessConfig; where: string } {
  const source = config.sources.find(({ name }) => path === `${FETCHED_APP}/${name}`);
  if (source !== undefined) {
    if (action === 'play') return { access: source.play, where: `source ${source.name}` };
    throw invalid(`${source.name} is a source, which the server fetches: nobody publishes to it`);
  }
  const route = matchRoute(config.routes, path)?.route;
  if (route === undefined) throw invalid(`no route or source takes ${path}`);
  return { access: route[action], where: `route ${route.path}` };
}

const invalid = (what: string): VitascopeError => new VitascopeError('OPTION_INVALID', `config sign: ${what}`);
