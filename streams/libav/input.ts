import { access, constants, stat } from 'node:fs/promises';
import { FormatContext } from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck, dictionary } from './av.js';

export interface InputOptions {
  /** Pictures a second of an image sequence. Default 24. */
  readonly sequenceRate?: number | undefined;
}

/** A path with a frame-number pattern such as `scan/%05d.png` names an image sequence. */
export function isSequencePattern(path: string): boolean {
  return /%0?\d*d/.test(path);
}

/** True for `scheme://…`, which FFmpeg opens itself. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/**
 * Opens a container and reads what is needed to describe its tracks. The caller closes it with `closeInput()`.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND` when the file is absent or may not be read, `INPUT_UNREADABLE` when FFmpeg finds no media in it.
 */
export async function openInput(path: string, options: InputOptions = {}): Promise<FormatContext> {
  if (!isUrl(path) && !isSequencePattern(path)) await assertReadable(path);
  const context = new FormatContext();
  const settings: Record<string, string> = {};
  if (isSequencePattern(path)) settings.framerate = String(options.sequenceRate ?? 24);
  const who = `cannot read ${path}`;
  avCheck(await context.openInput(path, null, dictionary(settings)), 'INPUT_UNREADABLE', who);
  try {
    avCheck(await context.findStreamInfo(null), 'INPUT_UNREADABLE', who);
    if (context.nbStreams === 0) throw new VitascopeError('INPUT_UNREADABLE', `${who}: it holds no tracks`);
  } catch (error) {
    await context.closeInput();
    throw error;
  }
  return context;
}

async function assertReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isFile()) return;
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const words = reason === 'ENOENT' ? 'there is no such file' : `it may not be read (${reason})`;
    throw new VitascopeError('INPUT_NOT_FOUND', `cannot read ${path}: ${words}`, { context: { path }, cause });
  }
  throw new VitascopeError('INPUT_NOT_FOUND', `cannot read ${path}: it is not a file`, { context: { path } });
}
