import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { clientAddress, requestAddress } from '../../streams/rtmp-server/client-address.js';

/**
 * Tells whether an address belongs to a proxy whose `X-Forwarded-For` is believed.
 *
 * @param proxies Addresses and networks (`10.0.0.0/8`) as they are now; asked for each request.
 */
export function trustedProxies(proxies: () => readonly string[]): (address: string) => boolean {
  let known: readonly string[] | undefined;
  let list = new BlockList();
  return (address) => {
    const now = proxies();
    if (now !== known) list = listOf(now);
    known = now;
    const version = isIP(address);
    return version !== 0 && list.check(address, `ipv${version as 4 | 6}`);
  };
}

/**
 * The address of whoever sent a request, as Fastify's `request.ip` has it: of the proxies that it came through, the first from this side that is not trusted.
 *
 * @param isTrusted As {@link trustedProxies} gives it.
 */
export function senderOf(
  request: Pick<IncomingMessage, 'headers'> & { readonly socket: Pick<Socket, 'remoteAddress'> },
  isTrusted: (address: string) => boolean,
): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const way = [requestAddress(request), ...forwarded.map((text) => text.trim()).reverse()].filter(
    (text) => text !== '',
  );
  return clientAddress(way.find((address) => !isTrusted(address)) ?? way.at(-1));
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
