import { spawn } from 'node:child_process';

/** Of decoded sound, hertz. */
export const DECODED_RATE = 48_000;

/**
 * The first track of sound of a film, mono, 48 kHz; its first sample is at time 0 of the container, wherever the track begins. By the machine's `ffmpeg`, so that what Vitascope has
 * written is judged by another program.
 *
 * @throws Error with what it printed when it fails, as of a film without sound
 */
export async function decodeSound(path: string): Promise<Float32Array> {
  const filters = ['-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', `${DECODED_RATE}`];
  const args = ['-v', 'error', '-i', path, '-map', '0:a:0', ...filters, '-f', 'f32le', '-'];
  const bytes = await outputOf('ffmpeg', args);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 4)));
}

function outputOf(program: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => {
      errors = (errors + part.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(parts));
      else reject(new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${errors}`));
    });
  });
}
