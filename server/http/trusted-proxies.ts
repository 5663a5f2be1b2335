import { BlockList, isIP } from 'node:net';

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
