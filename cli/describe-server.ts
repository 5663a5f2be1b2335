import type { ServerConfig } from '../config/server/server-config.js';
import type { RouteConfig } from '../config/server/stream-settings.js';
import type { ViewerAddresses } from '../server/addresses.js';
import type { MediaServerPorts } from '../server/media-server.js';

/** What somebody must know who wants to publish and to watch. Holds the publish keys. */
export function describeServer(
  { routes, sources, http }: ServerConfig,
  addresses: ViewerAddresses,
  ports: MediaServerPorts,
  file: string | undefined,
): string {
  const lines = [
    file === undefined ? 'Vitascope serves, by its defaults.' : `Vitascope serves, by ${file}.`,
    '',
    ...routes.flatMap((route) => describeRoute(route, addresses)),
    ...sources.flatMap(({ name, graph }) => [
      `fetched: ${name} → ${graph}`,
      ...watching(`live/${name}`, name, addresses),
    ]),
    `Page and API  ${addresses.http}/${http.token === null ? '' : '   (asks for the token)'}`,
    ...(ports.rtmps === undefined ? [] : [`RTMPS         port ${ports.rtmps}`]),
  ];
  return lines.join('\n');
}

function describeRoute({ path, graph, publish }: RouteConfig, addresses: ViewerAddresses): string[] {
  const [app = '', last = ''] = path.split('/');
  const name = last === '*' ? 'cam1' : last;
  const query = publish.key === null ? '' : `?key=${encodeURIComponent(publish.key)}`;
  const signed = publish.key === null && publish.signed !== null ? '   (with a signed query)' : '';
  return [
    `${path} → ${graph}`,
    `  Publish     ${addresses.rtmp}/${app}/${name}${query}${signed}`,
    `  OBS         server ${addresses.rtmp}/${app}   stream key ${name}${query}`,
    ...watching(`${app}/${name}`, name, addresses),
  ];
}

function watching(path: string, name: string, { rtmp, http }: ViewerAddresses): string[] {
  return [
    `  Watch       ${rtmp}/${path}.out`,
    `              ${http}/${path}.flv`,
    `              ${http}/hls/${name}/index.m3u8`,
    '',
  ];
}
