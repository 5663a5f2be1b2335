import { fileURLToPath } from 'node:url';

/** Encoder settings that every side uses. */
export const encoding = { preset: 'veryfast', crf: '23' } as const;
const x264 = ['libx264', '--preset', encoding.preset, '--crf', encoding.crf] as const;

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a user of the built package runs. */
export function vitascope(input: string, output: string, graph: string): string[] {
  const job = ['--graph', graph, '--video-codec', ...x264];
  return [
    process.execPath,
    cli,
    'process',
    input,
    '-o',
    output,
    ...job,
    '--overwrite',
    '--restart',
    '--progress',
    'none',
  ];
}

/** The same with the `ffmpeg` of the machine. */
export function ffmpegTranscode(input: string, output: string): string[] {
  const coding = ['-c:v', 'libx264', '-preset', encoding.preset, '-crf', encoding.crf];
  return ['ffmpeg', '-v', 'error', '-y', '-i', input, ...coding, output];
}

/** A command as it is shown: without the folders of this machine. */
export function shown(command: readonly string[]): string {
  return command.map((part) => part.replace(process.execPath, 'node').replace(/^\/.*\//, '')).join(' ');
}
