/** Ways to write an IPv4 address that some reader takes for it. */
export const spellings: Readonly<Record<string, (octets: readonly number[]) => string>> = {
  "as it is": (octets) => octets.join("."),
  "as one number": (octets) => String(asNumber(octets)),
  "as one hexadecimal number": (octets) => `0x${asNumber(octets).toString(16)}`,
  "as one octal number": (octets) => `0${asNumber(octets).toString(8)}`,
  "with octal parts": (octets) => octets.map((one) => `0${one.toString(8)}`).join("."),
  "with hexadecimal parts": (octets) => octets.map((one) => `0x${one.toString(16)}`).join("."),
  "in two parts": ([first = 0, ...rest]) => `${first}.${asNumber([0, ...rest])}`,
  "in three parts": ([first = 0, second = 0, third = 0, fourth = 0]) =>
    `${first}.${second}.${third * 256 + fourth}`,
  "with a dot at its end": (octets) => `${octets.join(".")}.`,
  "with wide digits": (octets) =>
    octets.join(".").replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  "with ideographic dots": (octets) => octets.join("。"),
  "behind percent signs": (octets) =>
    [...octets.join(".")].map((one) => `%${one.charCodeAt(0).toString(16)}`).join(""),
  "in IPv6": (octets) => `[::ffff:${octets.join(".")}]`,
  "in IPv6 in hexadecimal": (octets) => `[::ffff:${hexPairs(octets)}]`,
  "in IPv6 in full": (octets) => `[0000:0000:0000:0000:0000:FFFF:${hexPairs(octets).toUpperCase()}]`,
  "in IPv6 as it once was": (octets) => `[::${octets.join(".")}]`,
  "behind a translator of IPv6": (octets) => `[64:ff9b::${hexPairs(octets)}]`,
  "in a tunnel of IPv6": (octets) => `[2002:${hexPairs(octets)}::1]`,
};

function asNumber(octets: readonly number[]): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function hexPairs([first = 0, second = 0, third = 0, fourth = 0]: readonly number[]): string {
  return `${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
}

/** What no address of the public internet is, one of each kind. */
export const internalAddresses: readonly string[] = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.254",
  "192.0.0.192",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
];
