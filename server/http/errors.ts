import { type ErrorCode, VitascopeError } from '../../pipeline/errors.js';

/** What a caller gets when something goes wrong. */
export interface HttpFailure {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string };
}

const statuses: Partial<Record<ErrorCode, number>> = {
  OPTION_INVALID: 400,
  GRAPH_NOT_FOUND: 400,
  GRAPH_INVALID: 400,
  URL_REFUSED: 403,
  STREAM_EXISTS: 409,
  STREAM_LIMIT: 503,
  ABORTED: 503,
};

const codes: Readonly<Record<number, string>> = {
  400: 'REQUEST_INVALID',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  415: 'BODY_TYPE',
  429: 'RATE_LIMITED',
  503: 'BUSY',
};

/** A failure that only HTTP knows. */
export function failure(status: number, message: string): HttpFailure {
  return { status, body: { code: codes[status] ?? 'REQUEST_INVALID', message } };
}

/** Errors of ours by their code, those of Fastify by their status; of all others the caller learns nothing. */
export function failureOf(error: unknown): HttpFailure {
  if (error instanceof VitascopeError) {
    const status = statuses[error.code];
    if (status !== undefined) return { status, body: { code: error.code, message: error.message } };
  } else if (error instanceof Error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return failure(statusCode, error.message);
  }
  return { status: 500, body: { code: 'INTERNAL', message: 'something went wrong in the server; its log says more' } };
}
