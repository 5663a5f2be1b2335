import { createRequire } from 'node:module';
import type { CvModule } from './open-cv-types.js';

let opened: Promise<{ readonly cv: CvModule }> | undefined;

/**
 * OpenCV as WebAssembly, loaded when it is first asked for (0.2–0.3 s of this thread, and 85 MB) and shared from then on. Its matrices lie in memory of its own,
 * which no garbage collector frees: whoever makes one deletes it.
 *
 * @returns The module inside an object: it has a `then` that never settles, so that a promise of the module itself would hang.
 */
export function openCv(): Promise<{ readonly cv: CvModule }> {
  opened ??= load();
  return opened;
}

/** What Emscripten adds while it loads. */
interface LoadingModule extends CvModule {
  onRuntimeInitialized?: () => void;
  onAbort?: (reason: unknown) => void;
  then?: unknown;
}

/** Emscripten's handlers would end the process on errors that are none of its business. */
const HIJACKED = ['uncaughtException', 'unhandledRejection'] as const;

async function load(): Promise<{ readonly cv: CvModule }> {
  const before = new Map(HIJACKED.map((event) => [event, process.rawListeners(event)]));
  const cv = createRequire(import.meta.url)('@techstark/opencv-js') as LoadingModule;
  for (const event of HIJACKED) {
    for (const listener of process.rawListeners(event)) {
      if (!before.get(event)?.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
  if (cv.Mat === undefined) {
    await new Promise<void>((resolve, reject) => {
      cv.onRuntimeInitialized = resolve;
      cv.onAbort = reject;
    });
  }
  delete cv.then;
  return { cv };
}
