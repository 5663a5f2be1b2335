import type { FastifyInstance } from 'fastify';
import type { WarningThrottle } from '../warning-throttle.js';

/** Statuses that tell of somebody who tries. */
const REFUSALS = new Set([401, 403, 429]);

/**
 * One line for each request that changes something; all others for `debug` only, since viewers ask many times a second. Those who are refused are counted.
 * What stands after the question mark is never written: keys do.
 */
export function logRequests(app: FastifyInstance, warnings: WarningThrottle): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip } = request;
    const path = request.url.replace(/\?.*/s, '');
    const { statusCode: status, elapsedTime } = reply;
    const isChange = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
    if (REFUSALS.has(status)) warnings.warn('http', `refused-${status}`, `${method} ${path} from ${ip} got ${status}`);
    else request.log[isChange ? 'info' : 'debug']({ method, path, ip, status, ms: Math.round(elapsedTime) }, 'request');
  });
}
