import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Canvas } from '@napi-rs/canvas';

/** ISO 639-2, as the command names its languages. */
const languages: Readonly<Record<string, string>> = { en: 'eng', fr: 'fra', es: 'spa', de: 'deu' };

/** The `tesseract` command of the machine. */
export interface TesseractCommand {
  readonly version: string;
  /** BCP 47. */
  readonly languages: readonly string[];
}

/** Looks whether there is a `tesseract`, and which languages it has (Debian's packages `tesseract-ocr` and `tesseract-ocr-fra`, `-spa`, `-deu`). */
export async function findTesseract(): Promise<TesseractCommand | undefined> {
  try {
    const { stdout } = await promisify(execFile)('tesseract', ['--version']);
    const list = await promisify(execFile)('tesseract', ['--list-langs']);
    const installed = list.stdout.split(/\s+/);
    const known = Object.keys(languages).filter((language) => installed.includes(languages[language] as string));
    return { version: stdout.split('\n')[0]?.trim() ?? 'tesseract', languages: known };
  } catch {
    return undefined;
  }
}

/**
 * What the command reads in a picture.
 *
 * @param language BCP 47.
 * @param mode Its `--psm`: 5 for a block of text that stands, 6 for a block of lines, 7 for one line.
 */
export function readByTesseract(picture: Canvas, language: string, mode: 5 | 6 | 7): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['stdin', 'stdout', '--psm', `${mode}`, '-l', languages[language] ?? 'eng'];
    const child = spawn('tesseract', args, { env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
    const [text, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (piece: Buffer) => text.push(piece));
    child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(text).toString());
      else reject(new Error(`tesseract ended with ${code}: ${Buffer.concat(complaints).toString()}`));
    });
    child.stdin.end(picture.toBuffer('image/png'));
  });
}
