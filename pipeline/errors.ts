/**
 * The one table of error codes. `docs/errors.md` explains each of them, and a test keeps the two in step.
 * A code is stable: programs may match on it; the message is for people and may change.
 */
export const errorCodes = {
  OPTION_INVALID: 'An option has a wrong type, range or name.',
  INPUT_NOT_FOUND: 'The input does not exist or may not be read.',
  INPUT_UNREADABLE: 'The input is not a media file, or is damaged beyond reading.',
  INPUT_NO_VIDEO: 'The graph needs video and the input has none.',
  INPUT_EMPTY: 'The input (or the chosen part of it) holds no frames.',
  INPUT_CHANGED: 'The input changed while it was being read.',
  DECODER_MISSING: 'No decoder for the codec of the input.',
  DECODE_FAILED: 'The decoder failed in a way that skipping packets cannot mend.',
  OUTPUT_EXISTS: 'The output exists and overwriting was not asked for.',
  OUTPUT_UNWRITABLE: 'The output cannot be created or written.',
  OUTPUT_DISK_FULL: 'No space is left where the output or its work folder lies.',
  OUTPUT_IN_USE: 'Another process is writing this output.',
  CONTAINER_UNKNOWN: 'No container is known for the extension of the output.',
  CONTAINER_CODEC: 'The container cannot hold a codec that was asked for.',
  ENCODER_UNKNOWN: 'No encoder has the name that was asked for.',
  ENCODER_FAILED: 'The encoder refused its options or a frame.',
  FILTER_INVALID: 'An FFmpeg filter chain does not parse or cannot be connected.',
  ENGINE_MISSING: 'The external ffmpeg binary was not found or does not run.',
  ENGINE_FAILED: 'The external ffmpeg process ended with an error.',
  GRAPH_INVALID: 'A graph does not follow the schema.',
  GRAPH_NOT_FOUND: 'No graph has the name that was asked for.',
  GRAPH_UNKNOWN_OPERATOR: 'A graph names an operator that is not registered.',
  GRAPH_TYPE: 'Two connected ports carry different types.',
  GRAPH_CYCLE: 'A graph leads back into itself.',
  GRAPH_POOL: 'A frame pool is too small for its graph to make progress.',
  OPERATOR_FAILED: 'An operator failed while it ran, for a reason of its own.',
  FRAME_CLOSED: 'A frame was used or closed after it had been closed.',
  FRAME_FORMAT: 'A frame has a format or size that the receiver cannot take.',
  MODEL_NOT_FOUND: 'No model has the id or path that was asked for.',
  MODEL_INVALID: 'A model file does not load or does not match its contract.',
  MODEL_HASH: 'A file of a model is not the one that was expected.',
  MODEL_LICENCE: 'The licence of a model must be accepted before it is downloaded.',
  MODEL_CACHE: 'The folder of the models cannot be read or written.',
  MODEL_CACHE_FULL: 'No space is left for the folder of the models.',
  DOWNLOAD_FAILED: 'A file could not be downloaded.',
  OFFLINE: 'Something must be downloaded, and connections are forbidden.',
  INFERENCE_INPUT: 'A tensor has a wrong name, type or shape.',
  INFERENCE_FAILED: 'The runtime failed while running a model.',
  INFERENCE_OVERLOAD: 'More requests were queued than the pool accepts.',
  PROVIDER_UNAVAILABLE: 'An execution provider that was asked for by name does not work here.',
  WORKER_LOST: 'A worker thread died; what it was doing is lost.',
  CONFIG_INVALID: 'The configuration of the server does not follow the schema, or would leave it open to anyone.',
  STREAM_LIMIT: 'As many streams run as the server allows.',
  STREAM_EXISTS: 'A stream of this name runs already.',
  URL_REFUSED: 'A URL that a caller of the API gave leads where the server may not go.',
  RESUME_MISMATCH: 'The work left by an earlier run does not belong to this command.',
  LISTEN_FAILED: 'A server cannot listen on the address that was asked for.',
  ABORTED: 'The work was stopped on request.',
} as const satisfies Record<string, string>;

/** A stable identifier of a kind of failure, one of the keys of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** True for the codes of the table. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}

/** Values that explain a failure to a program; JSON-serialisable. */
export type ErrorContext = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>
>;

/**
 * Every failure that Vitascope reports. The message says who failed, what was expected and what came;
 * `code` is stable, `context` carries the values, `cause` the error below, when there is one.
 */
export class VitascopeError extends Error {
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: { context?: ErrorContext; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'VitascopeError';
    this.code = code;
    this.context = options.context ?? {};
  }
}

/** True for an error of ours with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is VitascopeError {
  return error instanceof VitascopeError && error.code === code;
}

/** The error as it is when it is ours, else wrapped under `code` with its message kept. */
export function asVitascopeError(error: unknown, code: ErrorCode, who: string): VitascopeError {
  if (error instanceof VitascopeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new VitascopeError(code, `${who}: ${message}`, { cause: error });
}
