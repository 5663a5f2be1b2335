import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { VitascopeError } from '../../pipeline/index.js';

const run = promisify(execFile);

/** A binary that hangs on a question is as good as none. */
const ANSWER_TIMEOUT_MS = 20_000;

/** What an encoder of the user's ffmpeg says of itself. */
export interface EncoderDescription {
  readonly name: string;
  /** Names of its own options, e.g. `crf`. */
  readonly options: ReadonlySet<string>;
  /** FFmpeg's pixel format names; empty when it takes any. */
  readonly pixelFormats: readonly string[];
}

/** The user's ffmpeg: where it is, which version, what its encoders take. */
export class FfmpegBinary {
  readonly path: string;
  /** As it writes it, e.g. `5.1.9-0+deb12u1` or `N-118315-g4f3c9f2f03`. */
  readonly version: string;
  readonly #encoders = new Map<string, Promise<EncoderDescription>>();

  private constructor(path: string, version: string) {
    this.path = path;
    this.version = version;
  }

  /** @throws VitascopeError `ENGINE_MISSING` saying what to install or to give. */
  static async find(path: string): Promise<FfmpegBinary> {
    const { stdout } = await ask(path, ['-version']).catch((cause: unknown) => {
      throw missing(path, cause instanceof Error ? cause.message.split('\n')[0] : String(cause), cause);
    });
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
    if (version === undefined) throw missing(path, 'it does not answer "-version" as ffmpeg does');
    return new FfmpegBinary(path, version);
  }

  /** Arguments that keep every frame with its own timestamp: their name changed in FFmpeg 5.1. */
  get passthrough(): readonly string[] {
    const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(this.version) ?? [];
    const old = major !== undefined && Number(major) * 100 + Number(minor) < 501;
    return old ? ['-vsync', '0'] : ['-fps_mode', 'passthrough'];
  }

  /** @throws VitascopeError `ENCODER_UNKNOWN` when there is no video encoder of this name. */
  encoder(name: string): Promise<EncoderDescription> {
    const known = this.#encoders.get(name) ?? this.#askForEncoder(name);
    this.#encoders.set(name, known);
    return known;
  }

  async #askForEncoder(name: string): Promise<EncoderDescription> {
    const sane = /^[\w.-]+$/.test(name);
    const { stdout } = sane ? await ask(this.path, ['-hide_banner', '-h', `encoder=${name}`]) : { stdout: '' };
    const isVideo = stdout.startsWith(`Encoder ${name} [`) && !/Supported sample (rates|formats)/.test(stdout);
    if (!isVideo) {
      throw new VitascopeError(
        'ENCODER_UNKNOWN',
        `${this.path} (ffmpeg ${this.version}) has no video encoder called "${name}"; "${this.path} -encoders" lists what it has`,
        { context: { name } },
      );
    }
    const formats = /Supported pixel formats: (.*)/.exec(stdout)?.[1]?.trim();
    return {
      name,
      options: new Set([...stdout.matchAll(/^ {2}-(\S+) +</gm)].map((match) => match[1] as string)),
      pixelFormats: formats === undefined || formats === '' ? [] : formats.split(/\s+/),
    };
  }
}

function ask(path: string, args: readonly string[]): Promise<{ stdout: string }> {
  return run(path, [...args], { timeout: ANSWER_TIMEOUT_MS, windowsHide: true, maxBuffer: 16 * 1024 * 1024 });
}

function missing(path: string, why: string | undefined, cause?: unknown): VitascopeError {
  return new VitascopeError(
    'ENGINE_MISSING',
    `the external engine needs an ffmpeg binary, and "${path}" does not run (${why}); install FFmpeg ` +
      '(Debian: apt install ffmpeg, macOS: brew install ffmpeg, Windows: winget install ffmpeg), or say where it is with ' +
      '--ffmpeg-path or the environment variable FFMPEG_PATH',
    { context: { path }, cause },
  );
}
