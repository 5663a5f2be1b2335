import { isIPv6 } from 'node:net';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The address of a socket's other end, IPv4 as IPv4 also where it came through an IPv6 socket, without a zone. */
export function clientAddress(remote: string | undefined): string {
  const address = (remote ?? 'unknown').replace(/%.*$/, '');
  return mapped.exec(address)?.[1] ?? address;
}

/** The address of whoever sent an HTTP request, whatever its headers say. */
export function requestAddress(request: { readonly socket: { readonly remoteAddress?: string | undefined } }): string {
  return clientAddress(request.socket.remoteAddress);
}

/** Whether the client is on this machine. @param ip As {@link clientAddress} gives it. */
export function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

/** Those who are probably one client: an IPv4 address, or the /64 of an IPv6 address, of which one client has all. */
export function addressGroup(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const network = [...before, ...zeros, ...after].slice(0, 4).map((word) => Number.parseInt(word, 16).toString(16));
  return `${network.join(':')}::/64`;
}
