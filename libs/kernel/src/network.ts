import { isIP } from 'node:net';

/**
 * The network an address is counted under: IPv4 as it is, IPv6 by its first 64 bits, whatever way it is written (LK-2).
 * @returns such as `203.0.113.7` or `2001:db8:0:7::/64`; `unknown` for a text that is no address
 */
export function networkOf(address: string | undefined): string {
  const bare = (address ?? '').replace(/%.*$/, '');
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6) return 'unknown';
  const groups = groupsOf(bare);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight 16-bit groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1); // one spelling, dotted tail turned to hex
  const [before, after] = plain.split('::').map((part) => (part ? part.split(':') : []));
  const gap = after ? Array<string>(8 - before!.length - after.length).fill('0') : [];
  return [...before!, ...gap, ...(after ?? [])].map((group) => parseInt(group, 16));
}
