import { describe, expect, it } from 'vitest';
import { describeServer } from '../../cli/describe-server.js';
import { parseServerConfig } from '../../config/server/config-file.js';
import { addressesOf } from '../../server/addresses.js';

const PORTS = { rtmp: 1935, http: 8080 };
const configOf = (text: string) => parseServerConfig(text, 'v.yaml', {}).config;

describe('where viewers find streams', () => {
  it.each([
    ['', 'rtmp://localhost', 'http://localhost:8080'],
    [
      'rtmp: { host: "::", port: 1 }\nhttp: { host: "2001:db8::7", token: 0123456789abcdef }\nroutes: []',
      'rtmp://localhost',
      'http://[2001:db8::7]:8080',
    ],
    ['http: { tls: { certFile: a, keyFile: b } }', 'rtmp://localhost', 'https://localhost:8080'],
  ])('is by the address that the server listens on: %s', (text, rtmp, http) => {
    expect(addressesOf(configOf(text), PORTS)).toEqual({ rtmp, http });
  });

  const known = configOf(`
rtmp: { publicUrl: "rtmps://video.example:443" }
http: { publicUrl: "https://video.example", token: 0123456789abcdef }
routes: [{ path: live/*, publish: { key: s3cret } }]
`);

  it('is by what others know the server by, where the configuration says it', () => {
    expect(addressesOf(known, PORTS)).toEqual({ rtmp: 'rtmps://video.example:443', http: 'https://video.example' });
  });

  it('is what the server says when it starts', () => {
    const text = describeServer(known, addressesOf(known, PORTS), { ...PORTS, rtmps: undefined }, undefined);
    expect(text).toContain('Publish     rtmps://video.example:443/live/cam1?key=s3cret');
    expect(text).toContain('https://video.example/hls/cam1/index.m3u8');
    expect(text).not.toContain('localhost');
  });
});
