import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../config/server/config-file.js';
import { redactConfig, redactUrl } from '../../../config/server/redact.js';

describe('redactUrl', () => {
  it.each([
    ['rtmp://a.example/live/abcd-1234', 'rtmp://a.example/live/***'],
    ['rtmps://u:p@a.example:443/app/x/y?k=1', 'rtmps://***@a.example:443/app/***?***'],
    ['rtsp://admin:p@ss@cam/1', 'rtsp://***@cam/1'],
    ['https://h/x?token=abc', 'https://h/x?***'],
    ['srt://h:9000#pass', 'srt://h:9000#***'],
    ['live/*', 'live/*'],
    ['', ''],
  ])('makes %s into %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe('redactConfig', () => {
  it('lets no secret through', () => {
    const text = `
http: { token: tok-SECRET-tok-tok, tls: { certFile: c.pem, keyFile: k.pem } }
routes:
  - path: live/*
    publish: { key: key-SECRET, signed: signing-SECRET-16 }
    play: { key: play-SECRET }
    options: ["ffmpeg.chain=\${HIDDEN}"]
    outputs: { rtmp: ["rtmp://a.example/live/SECRET"] }
sources: [{ name: a, url: "rtsp://admin:SECRET@cam/1" }]
`;
    const { config, secrets } = parseServerConfig(text, 'v.yaml', { HIDDEN: 'env-SECRET' });
    const shown = JSON.stringify(redactConfig(config, secrets));
    expect(shown).not.toContain('SECRET');
    expect(shown).toContain('k.pem');
    expect(config.http.token).toContain('SECRET');
  });

  it('shows that no key is set', () => {
    const { config } = parseServerConfig('', 'v.yaml', {});
    expect(redactConfig(config)).toEqual(config);
  });
});
