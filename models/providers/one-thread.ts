import type { SessionSettings } from '../session-settings.js';

/**
 * True for sessions that must not run side by side with others of their provider. WebGPU sessions in one process share a device,
 * and ONNX Runtime 1.30 crashes when two threads run on it at the same time (its issues 31627 and 32561).
 */
export function needsOneThread({ executionProviders }: Pick<SessionSettings, 'executionProviders'>): boolean {
  return executionProviders.some((provider) => (typeof provider === 'string' ? provider : provider.name) === 'webgpu');
}
