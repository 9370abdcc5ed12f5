import { BlockList, isIP } from "node:net";

// https://www.iana.org/assignments/iana-ipv4-special-registry: what is not globally reachable, and multicast.
const special4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

// Of IPv6 only global unicast is public, and not the parts of it that carry an IPv4 address or lead nowhere.
const special6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/** Whether an address is one of the public internet: neither this machine nor a network that it is in. */
export function isPublicAddress(address: string): boolean {
  const special = new BlockList();
  switch (isIP(address)) {
    case 4:
      for (const [network, bits] of special4) special.addSubnet(network, bits, "ipv4");
      return !special.check(address, "ipv4");
    case 6: {
      const unicast = new BlockList();
      unicast.addSubnet("2000::", 3, "ipv6");
      for (const [network, bits] of special6) special.addSubnet(network, bits, "ipv6");
      return unicast.check(address, "ipv6") && !special.check(address, "ipv6");
    }
    default:
      return false;
  }
}
