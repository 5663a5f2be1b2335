// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the environment look like that
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../config/server/config-file.js';
import { defaultServerConfig } from '../../../config/server/server-config.js';
import { VitascopeError } from '../../../pipeline/errors.js';

const parse = (text: string, environment = {}) => parseServerConfig(text, 'v.yaml', environment);

function problemsOf(text: string): readonly (string | number)[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof VitascopeError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return (error.context.problems as readonly string[] | undefined) ?? [error.message];
  }
  return [];
}

describe('a configuration of the server', () => {
  it('is complete when it is empty', () => {
    expect(parse('').config).toEqual(defaultServerConfig());
    expect(parse('{}').config.rtmp).toEqual({ host: '127.0.0.1', port: 1935, publicUrl: null, tls: null });
  });

  it('keeps what is written and completes the rest', () => {
    const { config } = parse('routes:\n  - path: live/*\n    graph: restore\n    publish: { key: s3cret }\n');
    expect(config.routes[0]).toMatchObject({
      graph: 'restore',
      publish: { key: 's3cret', signed: null },
      outputs: { rtmp: [], hls: { enabled: true } },
    });
  });

  it.each([
    ['an unknown key', 'rtmp:\n  prot: 1\n', 'v.yaml:2:3: rtmp.prot: unknown key; did you mean "port"?'],
    ['an unknown section', 'route: []\n', 'v.yaml:1:1: route: unknown key; did you mean "routes"?'],
    [
      'an unknown key in a list',
      'routes:\n  - path: live/*\n    publish: { kye: abcdef }\n',
      'v.yaml:3:16: routes[0].publish.kye: unknown key; known: key, signed',
    ],
    [
      'an unknown key of TLS',
      'http: { tls: { certFile: a, keyFile: b, certFil: x } }',
      'v.yaml:1:41: http.tls.certFil: unknown key; did you mean "certFile"?',
    ],
    ['a port out of range', 'rtmp:\n  port: 70000\n', 'v.yaml:2:9: rtmp.port: '],
    ['a path that leaves its folder', 'routes:\n  - path: live/../x\n', 'v.yaml:2:11: routes[0].path: must look like'],
    ['an unsafe name', 'sources: [{ name: a/b, url: "rtsp://h/1" }]', 'v.yaml:1:19: sources[0].name: must be 1 to 64'],
    ['a protocol that nobody speaks', 'sources: [{ name: a, url: "gopher://h/1" }]', 'v.yaml:1:27: sources[0].url: '],
    ['a syntax error', 'rtmp: [', 'v.yaml:1:8: '],
    [
      'two routes with one path',
      'routes: [{ path: a/* }, { path: a/* }]',
      'v.yaml:1:33: routes[1].path: "a/*" is there',
    ],
    ['two streams with one name', 'routes: [{ path: a/x }, { path: b/x }]', 'v.yaml:1:33: routes[1].path: the stream'],
    ['parts longer than segments', 'hls: { partMs: 900, segmentMs: 500 }', 'v.yaml:1:16: hls.partMs: must not'],
    [
      'a variable that is not set',
      'http: { token: "${NOPE}" }',
      'v.yaml:1:16: http.token: the variable NOPE is not set',
    ],
  ])('is refused for %s, with the place', (_, text, message) => {
    expect(problemsOf(text)[0]).toContain(message);
  });

  it('says everything that is wrong at once', () => {
    expect(problemsOf('rtmp: { port: -1, x: 1 }\nlog: { level: loud }')).toHaveLength(3);
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '128.0.0.1'])(
    'may not let anyone at %s publish or call the API',
    (host) => {
      const problems = problemsOf(`rtmp: { host: "${host}" }\nhttp: { host: "${host}" }`);
      expect(problems[0]).toContain('anyone could publish to live/*');
      expect(problems[1]).toContain('set http.token');
    },
  );

  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1'])('may stay without keys at %s', (host) => {
    expect(problemsOf(`rtmp: { host: "${host}" }\nhttp: { host: "${host}" }`)).toEqual([]);
  });

  it('may not let anyone publish or call the API through a proxy that others know', () => {
    const problems = problemsOf(
      'rtmp: { publicUrl: "rtmps://video.example" }\nhttp: { publicUrl: "https://video.example:8443" }',
    );
    expect(problems[0]).toContain('anyone could publish to live/*, since rtmp.publicUrl rtmps://video.example can be');
    expect(problems[1]).toContain('v.yaml:2:20: http.publicUrl: https://video.example:8443 can be reached');
    expect(problemsOf('rtmp: { publicUrl: "rtmp://localhost:19" }\nhttp: { publicUrl: "http://[::1]" }')).toEqual([]);
  });

  it.each([
    'video.example',
    'https://video.example/',
    'https://a@video.example',
    'rtmp://video.example',
    'https://a?b',
  ])('has no public URL like %s', (url) => {
    expect(problemsOf(`http: { token: 0123456789abcdef, publicUrl: "${url}" }`)[0]).toContain(
      'http.publicUrl: must look like https://video.example, with nothing after it',
    );
  });

  it('may be public with keys and a token', () => {
    const text = [
      'rtmp: { host: 0.0.0.0 }',
      'http: { host: 0.0.0.0, token: 0123456789abcdef }',
      'routes: [{ path: live/*, publish: { key: s3cret } }, { path: live/a, publish: { signed: signing-secret-16 } }]',
    ];
    expect(problemsOf(text.join('\n'))).toEqual([]);
  });

  it('takes secrets from the environment, and remembers them', () => {
    const text = 'http: { token: "${TOKEN}" }\nlog: { level: info }\nroutes: [{ path: a/b, graph: "x$${Y}" }]';
    const { config, secrets } = parse(text, { TOKEN: 'abcdefghabcdefgh' });
    expect(config.http.token).toBe('abcdefghabcdefgh');
    expect(config.routes[0]?.graph).toBe('x${Y}');
    expect(secrets).toEqual(['abcdefghabcdefgh']);
  });

  it('ends in CONFIG_INVALID or a configuration, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        problemsOf(text);
      }),
      { numRuns: 200 },
    );
  });
});
