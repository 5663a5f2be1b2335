import { isRecord } from '../../pipeline/graph/is-record.js';

const HIDDEN = '***';
const secretKeys = new Set(['key', 'signed', 'token']);

/**
 * A copy that may be printed: keys, tokens and signing secrets become `***`, and URLs lose what {@link redactUrl} takes.
 *
 * @param secrets Texts that must not be seen wherever they stand, such as values that came out of the environment.
 */
export function redactConfig<Value>(config: Value, secrets: readonly string[] = []): Value {
  return redact(
    config,
    '',
    secrets.filter((text) => text !== ''),
  ) as Value;
}

function redact(value: unknown, key: string, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secretKeys.has(key) ? HIDDEN : hide(redactUrl(value), secrets);
  if (Array.isArray(value)) return value.map((each) => redact(each, '', secrets));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redact(each, name, secrets)]));
}

function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

/**
 * A URL without user, password, query and fragment; of RTMP also without what comes after the application, which is the key at most services.
 * Any other text comes back as it is.
 *
 * @example redactUrl('rtmp://a.example/live/abcd?x=1') // rtmp://a.example/live/***
 */
export function redactUrl(text: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)([?#].*)?$/is.exec(text);
  if (match === null) return text;
  const [, scheme = '', authority = '', path = '', rest = ''] = match;
  const at = authority.lastIndexOf('@');
  const host = at < 0 ? authority : `${HIDDEN}@${authority.slice(at + 1)}`;
  const shownPath = /^rtmps?$/i.test(scheme) ? path.replace(/^(\/[^/]*\/).+$/s, `$1${HIDDEN}`) : path;
  return `${scheme}://${host}${shownPath}${rest === '' ? '' : `${rest.charAt(0)}${HIDDEN}`}`;
}
