/** A file name without extension that sorts by time and is allowed everywhere: `2026-01-31T23-59-59Z`. */
export function recordingName(begun: Date): string {
  return begun
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
}
