import type { ConfigProblems } from './config-problems.js';
import type { ServerConfig } from './server-config.js';
import type { AccessConfig } from './stream-settings.js';

/** True for addresses that only this machine reaches. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || /^127(?:\.\d{1,3}){3}$/.test(bare);
}

/** True when nothing is asked of callers. */
export function isOpen({ key, signed }: AccessConfig): boolean {
  return key === null && signed === null;
}

/** What the schema cannot say: how keys go together, and that nothing is left open to the world. */
export function checkServerConfig(config: ServerConfig, problems: ConfigProblems): void {
  checkPublicAddresses(config, problems);
  checkUnique(config.routes, 'routes', 'path', problems);
  checkUnique(config.sources, 'sources', 'name', problems);
  for (const list of ['routes', 'sources'] as const)
    for (const [i, { renditions }] of config[list].entries())
      checkUnique(renditions, 'renditions', 'name', problems, [list, i]);
  checkNames(config, problems);
  checkOrder(config, problems);
}

function checkPublicAddresses({ rtmp, http, routes }: ServerConfig, problems: ConfigProblems): void {
  const publicRtmp = publicKey(rtmp);
  if (publicRtmp !== undefined)
    for (const [i, { path, publish }] of routes.entries())
      if (isOpen(publish))
        problems.add(
          ['routes', i, 'path'],
          `anyone could publish to ${path}, since rtmp.${publicRtmp} ${rtmp[publicRtmp]} can be reached from outside; set publish.key`,
        );
  const publicHttp = publicKey(http);
  if (publicHttp !== undefined && http.token === null)
    problems.add(['http', publicHttp], `${http[publicHttp]} can be reached from outside; set http.token`);
}

/** Which key says that others reach the listener, by itself or through a proxy. */
function publicKey({
  host,
  publicUrl,
}: {
  readonly host: string;
  readonly publicUrl: string | null;
}): 'host' | 'publicUrl' | undefined {
  if (!isLoopbackHost(host)) return 'host';
  return publicUrl === null || isLoopbackHost(hostOf(publicUrl)) ? undefined : 'publicUrl';
}

/** The host of `scheme://host:port`. */
function hostOf(url: string): string {
  return url.replace(/^.*:\/\//, '').replace(/:\d*$/, '');
}

function checkUnique<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  list: string,
  key: Key,
  problems: ConfigProblems,
  before: readonly (string | number)[] = [],
): void {
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    if (seen.has(item[key])) problems.add([...before, list, i, key], `"${item[key]}" is there twice`);
    seen.add(item[key]);
  }
}

/** A stream is known by the last part of its path, so that exact routes and sources share names. */
function checkNames({ routes, sources }: ServerConfig, problems: ConfigProblems): void {
  const names = new Map<string, string>();
  for (const [i, { path }] of routes.entries()) {
    const name = path.slice(path.indexOf('/') + 1);
    if (name === '*') continue;
    const other = names.get(name);
    if (other !== undefined && other !== path)
      problems.add(['routes', i, 'path'], `the stream would be called "${name}" as that of ${other}`);
    names.set(name, path);
  }
  for (const [i, { name }] of sources.entries()) {
    const other = names.get(name);
    if (other !== undefined) problems.add(['sources', i, 'name'], `"${name}" is the name of route ${other} as well`);
  }
}

function checkOrder({ hls, supervisor }: ServerConfig, problems: ConfigProblems): void {
  if (hls.partMs > hls.segmentMs)
    problems.add(['hls', 'partMs'], `must not be longer than segmentMs, ${hls.segmentMs}`);
  if (supervisor.hangMs <= supervisor.heartbeatMs)
    problems.add(['supervisor', 'hangMs'], `must be more than heartbeatMs, ${supervisor.heartbeatMs}`);
  if (supervisor.restartMaxMs < supervisor.restartFirstMs)
    problems.add(['supervisor', 'restartMaxMs'], `must not be less than restartFirstMs, ${supervisor.restartFirstMs}`);
}
