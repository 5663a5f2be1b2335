import { sameKey } from '../../streams/rtmp-server/stream-keys.js';

/** Whether an `Authorization` header carries the token. */
export function hasBearer(header: string | undefined, token: string): boolean {
  const match = /^Bearer +(\S+)$/i.exec(header ?? '');
  return sameKey(match?.[1] ?? '', token) && match !== null;
}
