import { type DestinationStream, type Logger, pino } from 'pino';
import { redactUrl } from '../config/server/redact.js';
import type { ServerConfig } from '../config/server/server-config.js';

export type { Logger } from 'pino';

/** Names of fields whose values are never written. */
const SECRET_FIELDS = ['token', 'key', 'signed', 'sig', 'secret', 'authorization'];

/**
 * The log of the server: one line of JSON each, from the level that the configuration names. Values of fields that are called like secrets are left out, and
 * URLs in errors and in fields called `url` lose user, password and query.
 *
 * @param to Where lines go. Default standard error.
 */
export function createLog({ log }: Pick<ServerConfig, 'log'>, to?: DestinationStream): Logger {
  const settings = {
    level: log.level,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    serializers: { err: describeError, error: describeError, url: (url: unknown) => hideUrls(String(url)) },
  };
  return pino(settings, to ?? pino.destination(2));
}

/** A text in which every URL has lost what `redactUrl` takes. */
export function hideUrls(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, redactUrl);
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return hideUrls(String(error));
  const { code } = error as { code?: unknown };
  const shown = { name: error.name, message: hideUrls(error.message), stack: hideUrls(error.stack ?? '') };
  return typeof code === 'string' ? { code, ...shown } : shown;
}
