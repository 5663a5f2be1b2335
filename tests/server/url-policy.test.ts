import { describe, expect, it } from 'vitest';
import { defaultServerConfig } from '../../config/server/server-config.js';
import { checkPullUrl, type Resolve } from '../../server/url-policy.js';

const { pull } = defaultServerConfig();

/** A name service of our own; nothing is asked of the network. */
const names: Readonly<Record<string, readonly string[]>> = {
  'camera.example': ['93.184.215.14', '2606:2800:21f:cb07::1'],
  'rebind.example': ['93.184.215.14', '10.0.0.1'],
  'mapped.example': ['::ffff:192.168.0.1'],
  localhost: ['127.0.0.1', '::1'],
};
const resolve: Resolve = async (host) => {
  const found = names[host];
  if (found === undefined) throw new Error(`ENOTFOUND ${host}`);
  return found;
};
const check = (url: string, policy = {}) => checkPullUrl(url, { ...pull, ...policy }, resolve);

describe('a URL that a caller of the API gives', () => {
  it.each(['rtsp://camera.example/1', 'RTMP://camera.example:1935/live/x', 'https://u:p@camera.example/x.m3u8'])(
    'may be %s',
    async (url) => {
      expect(await check(url)).toEqual({ url, host: 'camera.example', addresses: names['camera.example'] });
    },
  );

  it.each(['rtsp://93.184.215.14/1', 'rtsp://[2606:2800:21f:cb07::1]:554/1'])(
    'may have a public address: %s',
    async (url) => {
      expect((await check(url)).addresses).toHaveLength(1);
    },
  );

  it.each([
    'file:///etc/passwd',
    'device:///dev/video0',
    'concat://a|b',
    'data://text',
    'subfile://x',
    '/etc/passwd',
    'rtsp:/x',
    'concat:rtsp://camera.example/1',
    'crypto+http://camera.example/',
  ])('may not use another protocol: %s', async (url) => {
    await expect(check(url)).rejects.toMatchObject({ code: 'URL_REFUSED' });
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
    '0',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fd00::1]',
    '[ff02::1]',
    'localhost',
    'LOCALHOST.',
    'rebind.example',
    'mapped.example',
    '127。0。0。1',
    '①②⑦.0.0.1',
  ])('may not lead inside through %s', async (host) => {
    for (const scheme of ['http', 'rtsp', 'srt'])
      await expect(check(`${scheme}://${host}:554/x`)).rejects.toMatchObject({
        code: 'URL_REFUSED',
        message: expect.stringContaining('private network'),
      });
  });

  it.each([
    'http://camera.example@127.0.0.1/',
    'http://a@127.0.0.1@camera.example/',
    'http://127.0.0.1\\@camera.example/',
    'http://camera.example\t/',
    'http://camera.example/\n',
    'http://camera%2eexample/',
    'http://[::1%25lo]/',
    'http://[fe80::1%eth0]/',
    'http:///x',
    'http://camera.example:99999/',
    'http://nobody.example/',
    'http://256.256.256.256/',
    '',
  ])('is refused where it can be misread or leads nowhere: %j', async (url) => {
    await expect(check(url)).rejects.toMatchObject({ code: 'URL_REFUSED' });
  });

  it('may lead inside when the configuration says so', async () => {
    await check('rtsp://192.168.0.9/1', { allowPrivate: true });
    await check('rtsp://192.168.0.9/1', { hosts: ['192.168.0.9'] });
    await expect(check('rtsp://192.168.0.8/1', { hosts: ['192.168.0.9'] })).rejects.toMatchObject({
      code: 'URL_REFUSED',
    });
    await expect(check('file:///x', { allowPrivate: true })).rejects.toMatchObject({ code: 'URL_REFUSED' });
  });

  it('does not show its secrets, or the address inside, in the message', async () => {
    const error = await check('rtsp://admin:hunter2@rebind.example/1?t=hunter2').catch((e: unknown) => String(e));
    expect(error).toContain('rtsp://***@rebind.example/1');
    expect(error).not.toMatch(/hunter2|10\.0\.0\.1/);
  });
});
