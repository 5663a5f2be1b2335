import type { RtmpLimits } from './limits.js';
import type { RtmpServerEvent } from './session-info.js';
import type { Authorization, StreamRequest } from './stream-request.js';
import type { StreamTable } from './stream-table.js';

/** A client as the server sees it. */
export interface Connection {
  /** Called now and then. */
  sweep(): void;
  destroy(reason: string): void;
}

/** What connections need of their server. */
export interface ConnectionHost {
  /** As they are now: they may be changed. */
  readonly limits: RtmpLimits;
  readonly streams: StreamTable;
  /** Milliseconds, never going back. */
  now(): number;
  /** Never rejects. */
  authorize(request: StreamRequest): Promise<Authorization>;
  refused(client: Omit<Extract<RtmpServerEvent, { kind: 'refused' }>, 'kind'>): void;
  left(connection: Connection): void;
}
