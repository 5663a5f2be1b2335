import { BlockList, isIPv6 } from 'node:net';

const refused = new BlockList();
const publicV6 = new BlockList();

/** Not reachable from, or not meant for, the public Internet: IANA's special-purpose registries, and multicast. */
const v4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Parts of the global unicast range that are no public hosts, or carry another address inside: Teredo, documentation, 6to4. */
const v6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
for (const [net, prefix] of v4) refused.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of v6) refused.addSubnet(net, prefix, 'ipv6');
publicV6.addSubnet('2000::', 3, 'ipv6');

/** True for IP addresses of this machine, private networks, links, and everything else that is no public host. IPv6 is public within `2000::/3` only. */
export function isPrivateAddress(address: string): boolean {
  if (!isIPv6(address)) return refused.check(address, 'ipv4');
  const [bare = ''] = address.split('%');
  return !publicV6.check(bare, 'ipv6') || refused.check(bare, 'ipv6');
}
