import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../config/server/config-file.js';
import { matchRoute } from '../../../config/server/match-route.js';

const { routes } = parseServerConfig(
  'routes: [{ path: live/* }, { path: live/cam1 }, { path: yard/gate }]',
  'v.yaml',
).config;

describe('matchRoute', () => {
  it.each([
    ['live/cam1', 'live/cam1', 'cam1'],
    ['live/cam2', 'live/*', 'cam2'],
    ['/live/cam2', 'live/*', 'cam2'],
    ['yard/gate', 'yard/gate', 'gate'],
  ])('sends %s to %s', (path, route, name) => {
    expect(matchRoute(routes, path)).toMatchObject({ route: { path: route }, name });
  });

  it.each([
    'yard/door',
    'live',
    'live/',
    'live/*',
    'live/a/b',
    'live/..',
    'live/a.b',
    'live/a%2fb',
    '//live/a',
    'live/\0',
    '',
  ])('finds nothing for %j', (path) => {
    expect(matchRoute(routes, path)).toBeUndefined();
  });
});
