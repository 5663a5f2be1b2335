import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach } from 'vitest';
import {
  type Authorize,
  RtmpServer,
  type RtmpServerEvent,
  type RtmpServerOptions,
} from '../../../streams/rtmp-server/index.js';
import { RtmpClient } from '../../helpers/rtmp-client.js';

export const everybody: Authorize = () => ({ ok: true });

type EventOf<Kind extends RtmpServerEvent['kind']> = Extract<RtmpServerEvent, { kind: Kind }>;

/** Servers on free ports with clients on real sockets; all of them are gone after each test. */
export function rtmpServers() {
  const servers: RtmpServer[] = [];
  const clients: RtmpClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    for (const server of servers.splice(0)) await server.stop();
  });

  return async (options: Partial<RtmpServerOptions> = {}) => {
    const server = await RtmpServer.start({ rtmpPort: 0, httpPort: 0, authorize: everybody, ...options });
    servers.push(server);
    const events: RtmpServerEvent[] = [];
    server.events.subscribe((event) => events.push(event));
    const until = <Kind extends RtmpServerEvent['kind']>(kind: Kind, times = 1) =>
      new Promise<EventOf<Kind>>((resolve) => {
        const isIt = (event: RtmpServerEvent): event is EventOf<Kind> => event.kind === kind;
        const look = (): boolean => {
          const found = events.filter(isIt)[times - 1];
          if (found !== undefined) resolve(found);
          return found !== undefined;
        };
        if (!look()) server.events.subscribe(look);
      });
    const port = server.ports.rtmp;
    const keep = (client: RtmpClient): RtmpClient => {
      clients.push(client);
      return client;
    };
    return {
      server,
      events,
      /** The first event of a kind, or a later one. */
      until,
      port,
      http: `http://127.0.0.1:${server.ports.http}`,
      keep,
      publish: async (name: string, app?: string) => keep(await RtmpClient.publishing(port, name, app)),
      play: async (name: string, app?: string) => keep(await RtmpClient.playing(port, name, app)),
      ready: async () => keep(await RtmpClient.ready(port)),
      raw: async () => keep(await RtmpClient.connect(port)),
    };
  };
}

/** The head of an answer over HTTP; the body is the caller's. */
export async function response(url: string): Promise<IncomingMessage> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}
