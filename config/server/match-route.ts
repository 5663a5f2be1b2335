import type { ServerConfig } from './server-config.js';
import { type RouteConfig, safeName } from './stream-settings.js';

/** The route of a path that somebody publishes to. */
export interface RouteMatch {
  readonly route: RouteConfig;
  /** The application, the part of the path before the slash. */
  readonly app: string;
  /** The name of the stream; safe in URLs and as a file name. */
  readonly name: string;
}

/**
 * Finds the route of a path such as `live/cam1` or `/live/cam1`: an exact one first, then a pattern.
 * Nothing for paths of other forms and for names that would not be safe in URLs and files.
 */
export function matchRoute(routes: ServerConfig['routes'], path: string): RouteMatch | undefined {
  const [app = '', name = '', ...more] = path.replace(/^\//, '').split('/');
  if (more.length > 0 || !safeName.test(app) || !safeName.test(name)) return undefined;
  const route =
    routes.find((each) => each.path === `${app}/${name}`) ?? routes.find((each) => each.path === `${app}/*`);
  return route === undefined ? undefined : { route, app, name };
}
