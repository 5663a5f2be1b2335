import type { SessionSettings } from '../session-settings.js';
import type { ProviderName, RefusalKind } from './provider.js';
import type { SelfTest } from './self-test.js';

/** What a probe is to try. It crosses to a child process as JSON. */
export interface ProbeOrder {
  readonly provider: ProviderName;
  readonly model: { readonly id: string; readonly path: string };
  readonly settings: Partial<SessionSettings>;
  readonly selfTest: SelfTest;
  /** Threads of the CPU's run: all that the pool would use, so that the two times compare. */
  readonly cpuThreads: number;
}

/** What a child says on its way, so that a crash or a time limit finds it somewhere. */
export type ProbeMessage =
  | { readonly phase: 'started' }
  /** The CPU has run. */
  | { readonly phase: 'reference'; readonly cpuMs: number }
  /** The provider has a session. */
  | { readonly phase: 'session'; readonly sessionMs: number }
  /** The provider has run once, preparations included. */
  | { readonly phase: 'first'; readonly firstMs: number; readonly maxError: number }
  | { readonly phase: 'done'; readonly ms: number; readonly maxError: number }
  | { readonly phase: 'failed'; readonly kind: RefusalKind; readonly reason: string; readonly maxError?: number };

/** A provider gave the CPU's results. */
export interface Proof {
  /** Largest difference from the CPU as a share of the largest magnitude of that output. */
  readonly maxError: number;
  /** A run, milliseconds, the median of several after the first. */
  readonly ms: number;
  /** True when the time limit came first: a run takes {@link ms} or longer. */
  readonly atLeast: boolean;
  /** The same on the CPU with all cores. */
  readonly cpuMs: number;
  /** The first run, in which GPUs prepare much. */
  readonly firstMs: number;
  /** Until there was a session. */
  readonly sessionMs: number;
}

/** How a probe ended. */
export type ProbeOutcome =
  | { readonly works: true; readonly proof: Proof }
  | { readonly works: false; readonly kind: RefusalKind; readonly reason: string };
