import { matchRoute } from '../config/server/match-route.js';
import type { ServerConfig } from '../config/server/server-config.js';
import type { AccessConfig } from '../config/server/stream-settings.js';
import { authorizeByKeys, sameKey } from '../streams/rtmp-server/stream-keys.js';
import type { Authorization, StreamRequest } from '../streams/rtmp-server/stream-request.js';
import { systemClock } from './clock.js';
import { RefusedViewers } from './refused-viewers.js';

/** The application of streams that are fetched: `live/NAME.out`. */
export const FETCHED_APP = 'live';
/** What is added to the path of a stream for what comes out of it. */
export const PROCESSED = '.out';

/** The path of a stream, whether what goes in was named or what comes out. */
export function withoutProcessed(path: string): string {
  return path.endsWith(PROCESSED) ? path.slice(0, -PROCESSED.length) : path;
}

/** What {@link Access} asks the server. */
export interface AccessOptions {
  /** As it is now. */
  readonly config: () => Pick<ServerConfig, 'routes'>;
  /** Who may watch a stream that runs, by its path without `.out`; nothing where there is none. */
  readonly playOf: (path: string) => AccessConfig | undefined;
  /** Why nobody can publish there now, whatever the key. */
  readonly refusesPublish: (path: string) => string | undefined;
  /** With `?internal=` before it, what the server's own processes show. */
  readonly secret: string;
  /** Unix time, milliseconds. */
  readonly now: () => number;
  /** Default: one of its own. */
  readonly refused?: RefusedViewers | undefined;
}

/** Who may publish and play, by the configuration of routes and sources. */
export class Access {
  readonly #options: AccessOptions;
  readonly #refused: RefusedViewers;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#refused = options.refused ?? new RefusedViewers(systemClock.now);
  }

  /** Players of `live/cam1` and of `live/cam1.out` both get what comes out; what went in is for the server's own processes. */
  async authorize(request: StreamRequest): Promise<Authorization> {
    const { action, path, query } = request;
    const { secret } = this.#options;
    if (query.internal !== undefined) {
      return sameKey(query.internal, secret)
        ? { ok: true, internal: true }
        : { ok: false, reason: 'that is not for clients' };
    }
    if (action === 'publish') return await this.#publish(request);
    const base = withoutProcessed(path);
    const answer = await this.#watch({ ...request, path: base });
    return answer.ok ? { ok: true, path: base + PROCESSED } : answer;
  }

  async #publish(request: StreamRequest): Promise<Authorization> {
    const { config, refusesPublish } = this.#options;
    const answer = await this.#decide(request, matchRoute(config().routes, request.path)?.route.publish);
    // After the key: who has none learns nothing about what runs.
    const reason = answer.ok ? refusesPublish(request.path) : undefined;
    return reason === undefined ? answer : { ok: false, reason };
  }

  /** RTMP needs a connection for each attempt, of which an address has only so many; over HTTP nothing else holds back who tries keys. */
  async #watch(request: StreamRequest): Promise<Authorization> {
    const { ip, protocol } = request;
    if (protocol === 'rtmp' || protocol === 'rtmps') return await this.#play(request);
    const retryAfterS = this.#refused.waitS(ip);
    if (retryAfterS > 0) return { ok: false, reason: `too many viewers from ${ip} were refused`, retryAfterS };
    const answer = await this.#play(request);
    if (!answer.ok) this.#refused.add(ip);
    return answer;
  }

  async #play(request: StreamRequest): Promise<Authorization> {
    const { config, playOf } = this.#options;
    const access = playOf(request.path) ?? matchRoute(config().routes, request.path)?.route.play;
    return await this.#decide(request, access);
  }

  #decide(request: StreamRequest, access: AccessConfig | undefined): Authorization | Promise<Authorization> {
    const listed = (key: string | null): readonly string[] => (key === null ? [] : [key]);
    const keys = access && {
      publish: listed(access.key),
      play: listed(access.key),
      ...(access.signed === null ? {} : { urlSecret: access.signed }),
    };
    return authorizeByKeys(() => keys, this.#options.now)(request);
  }
}
