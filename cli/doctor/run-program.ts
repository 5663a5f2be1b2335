import { execFile } from 'node:child_process';

/** What a program prints, trimmed; nothing when it is not there, fails, or takes longer than three seconds. */
export function runProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    // npm is a script on Windows, which needs a shell.
    const shell = process.platform === 'win32' && program === 'npm';
    execFile(program, [...args], { timeout: 3000, shell, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
