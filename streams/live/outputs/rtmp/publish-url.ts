import { VitascopeError } from '../../../../pipeline/index.js';

/** Where an RTMP URL publishes to. */
export interface PublishTarget {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** The application: the path without its last part. */
  readonly app: string;
  /** The last part of the path with what comes after a question mark: a secret, as a rule. */
  readonly streamKey: string;
  /** The URL as far as everybody may read it: `rtmp://host/app/…`. */
  readonly name: string;
}

/**
 * Reads `rtmp://HOST[:PORT]/APP/KEY[?QUERY]`, or `rtmps://…`.
 *
 * @throws VitascopeError `OPTION_INVALID`, which does not repeat the URL, as it may hold secrets.
 */
export function parsePublishUrl(url: string): PublishTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rtmps?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw invalid('expected rtmp://HOST[:PORT]/APP/KEY or rtmps://…');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid(
      'a user and password before the host are not supported; services take a key as the last part of the path',
    );
  }
  const parts = parsed.pathname.split('/').filter((part) => part !== '');
  const key = parts.pop();
  if (key === undefined || parts.length === 0)
    throw invalid('expected an application and a key in the path, as in rtmp://HOST/APP/KEY');
  const tls = parsed.protocol === 'rtmps:';
  const app = parts.map(decodeURIComponent).join('/');
  return {
    tls,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (tls ? 443 : 1935) : Number(parsed.port),
    app,
    streamKey: decodeURIComponent(key) + parsed.search,
    name: `${parsed.protocol}//${parsed.host}/${app}/…`,
  };
}

function invalid(what: string): VitascopeError {
  return new VitascopeError('OPTION_INVALID', `RTMP output: ${what}`);
}
