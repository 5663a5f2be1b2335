import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadServerConfig } from '../../config/server/config-file.js';
import { defaultServerConfig, type ServerConfig } from '../../config/server/server-config.js';
import { assertProviderPresent } from '../../models/providers/choose-provider.js';
import { type ProviderWish, providerWishes } from '../../models/providers/provider.js';
import { createLog } from '../../server/log.js';
import { MediaServer } from '../../server/media-server.js';
import { watchConfig } from '../../server/watch-config.js';
import { describeServer } from '../describe-server.js';

interface ServeFlags {
  readonly config?: string;
  readonly rtmpPort?: number;
  readonly httpPort?: number;
  readonly publishKey?: string;
  readonly graph?: string;
  readonly provider: ProviderWish;
}

/** Read when no other file is named. */
const FILE = 'vitascope.yaml';

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('expected a port, 0 to 65535');
}

export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Take live streams by RTMP, run each through a graph, and serve them by RTMP, HTTP-FLV and low-latency HLS.',
    )
    .option('-c, --config <file>', `configuration (default: ${FILE} in this folder, if there is one)`)
    .option('--rtmp-port <port>', 'port for RTMP; 0 takes a free one (default: 1935)', port)
    .option('--http-port <port>', 'port for HTTP: page, API, HLS, HTTP-FLV; 0 takes a free one (default: 8080)', port)
    .optionsGroup('Without a configuration:')
    .addOption(
      new Option('--publish-key <key>', 'key that publishers give (default: a new one each time)').env(
        'VITASCOPE_PUBLISH_KEY',
      ),
    )
    .option('-g, --graph <name|file>', 'graph for everything that is published (default: colorize)')
    .optionsGroup('Engine:')
    .addOption(new Option('--provider <name>', 'who computes the models').choices(providerWishes).default('auto'))
    .addHelpText(
      'after',
      `
Examples:
  vitascope serve                               # prints where to publish, the key, and where to watch
  vitascope serve --graph transcode --publish-key s3cret99
  vitascope serve --config vitascope.yaml       # \`vitascope config defaults > vitascope.yaml\` to begin with

Publish, for instance: ffmpeg -re -i film.mp4 -c copy -f flv 'rtmp://localhost/live/cam1?key=KEY'
Without a configuration the server listens on this machine only. Changes of the configuration file apply while it runs, and SIGHUP reads it
again. Ctrl-C ends all streams in good order; a second one stops at once. Log lines are JSON, on standard error.`,
    )
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  assertProviderPresent(flags.provider);
  const file = flags.config ?? (existsSync(FILE) ? FILE : undefined);
  const config = withPorts(file === undefined ? ownConfig(flags) : (await loadServerConfig(file)).config, flags);
  const log = createLog(config);
  const stopped = untilSignal();
  const server = await MediaServer.start({ config, provider: flags.provider, log });
  const watcher =
    file === undefined
      ? undefined
      : await watchConfig(file, {
          changed: async (changed) => {
            const later = await server.reload(withPorts(changed, flags));
            log.info({ file }, 'the configuration has been applied');
            if (later.length > 0) log.warn({ keys: later }, `applies only after a restart: ${later.join(', ')}`);
          },
          failed: (error) => log.error({ file, err: error }, 'the configuration stays as it was'),
        });
  process.stdout.write(`${describeServer(config, server.addresses, server.ports, file)}\n`);
  process.on('SIGHUP', () => watcher?.reload());
  await stopped;
  await watcher?.close();
  await server.close();
}

/** What the defaults are, with a key, so that no other user of the machine publishes by accident. */
function ownConfig({ publishKey, graph }: ServeFlags): ServerConfig {
  const config = defaultServerConfig();
  const key = publishKey ?? randomBytes(9).toString('base64url');
  return {
    ...config,
    routes: config.routes.map((route) => ({
      ...route,
      graph: graph ?? route.graph,
      publish: { ...route.publish, key },
    })),
  };
}

function withPorts(config: ServerConfig, { rtmpPort, httpPort }: ServeFlags): ServerConfig {
  return {
    ...config,
    rtmp: { ...config.rtmp, port: rtmpPort ?? config.rtmp.port },
    http: { ...config.http, port: httpPort ?? config.http.port },
  };
}

/** Resolves at the first signal; the second ends the process at once, and streams end with it. */
async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      if (++signals > 1) process.exit(130);
      process.stderr.write('ending all streams (Ctrl-C again stops at once)\n');
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
