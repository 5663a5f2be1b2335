import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whether a hardware encoder encodes a picture on this machine. */
export interface HardwareEncoderState {
  readonly encoder: string;
  readonly works: boolean;
  /** FFmpeg's words, or how its process died; nothing when it works. */
  readonly reason: string | undefined;
}

/** What the child tells of one encoder. */
export interface EncoderTrial {
  readonly encoder: string;
  /** Nothing when it works. */
  readonly failure: string | undefined;
}

const hardware = /_(nvenc|qsv|vaapi|amf|videotoolbox|v4l2m2m|vulkan|mf|rkmpp|d3d12va|mediacodec|omx)$/;

/** True for encoders that need a device. */
export function isHardwareEncoder(name: string): boolean {
  return hardware.test(name);
}

/** Comes before what FFmpeg prints about an encoder. */
export const TRIAL_MARK = '@trial ';

/**
 * Encodes a picture with each encoder, in a child process, so that a driver that crashes takes nothing along. Encoders that the time
 * did not suffice for do not work, and say so.
 */
export async function tryHardwareEncoders(
  encoders: readonly string[],
  timeoutMs: number,
): Promise<HardwareEncoderState[]> {
  if (encoders.length === 0) return [];
  const { trials, stderr, end } = await runChild(encoders, timeoutMs);
  const said = wordsByEncoder(stderr);
  return encoders.map((encoder, i) => {
    const trial = trials[i];
    if (trial?.failure === undefined && trial !== undefined) return { encoder, works: true, reason: undefined };
    // The one after the last answer was under way when the process ended.
    const reason =
      trial === undefined
        ? i === trials.length
          ? end
          : `not tried: ${end} with ${encoders[trials.length]}`
        : trial.failure;
    return { encoder, works: false, reason: said.get(encoder) ?? reason };
  });
}

interface ChildEnd {
  readonly trials: readonly EncoderTrial[];
  readonly stderr: string;
  /** How it ended, for what has no answer. */
  readonly end: string;
}

function runChild(encoders: readonly string[], timeoutMs: number): Promise<ChildEnd> {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fromSource ? './encoder-trial-from-source.mjs' : './encoder-trial.js';
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [...encoders], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return new Promise((resolve) => {
    const trials: EncoderTrial[] = [];
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    const finish = (end: string): void => {
      clearTimeout(timer);
      resolve({ trials, stderr, end });
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('message', (trial: EncoderTrial) => trials.push(trial));
    child.once('error', (error) => finish(error.message));
    child.once('close', (exitCode, signal) =>
      finish(
        timedOut ? `no answer within ${timeoutMs / 1000} s` : `its process died (${signal ?? `exit code ${exitCode}`})`,
      ),
    );
  });
}

/** The first line that FFmpeg printed about each encoder: later ones only say that it failed. */
function wordsByEncoder(stderr: string): Map<string, string> {
  const sections = stderr.split(TRIAL_MARK).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const [encoder = '', ...lines] = section.split('\n');
      const line = lines.map((text) => text.replace(/^\[[^\]]*\]\s*/, '').trim()).find((text) => text !== '');
      return line === undefined ? [] : [[encoder, line] as const];
    }),
  );
}
