import type { HostileInput } from "../hostile-input.ts";
import { internalAddresses, spellings } from "./internal-addresses.ts";

/**
 * An address as `data.arrived` announces it. `{inside}` stands for the one folder that may be read, `{outside}` for one
 * beside it, `{port}` for that of a host on this machine that must never be asked.
 */
export type HostileUri = HostileInput<string, string>;

const refused = "URI_REFUSED";
const loopback = [127, 0, 0, 1];
const metadata = [169, 254, 169, 254];

const spelt = ([loopback, metadata] as const).flatMap((octets) =>
  Object.entries(spellings).map(
    ([how, spell]): HostileUri => ({
      name: `${octets.join(".")} ${how}`,
      row: 21,
      wanted: refused,
      input: `http://${spell(octets)}:{port}/a.csv`,
    }),
  ),
);

const literal = internalAddresses.map(
  (address): HostileUri => ({
    name: `the address ${address}`,
    row: 21,
    wanted: refused,
    input: `https://${address.includes(":") ? `[${address}]` : address}/a.csv`,
  }),
);

const schemes = [
  "ftp://example.org/a.csv",
  "gopher://127.0.0.1:{port}/_GET%20/",
  "dict://127.0.0.1:{port}/info",
  "ldap://127.0.0.1:{port}/a",
  "ws://127.0.0.1:{port}/a",
  "s3://bucket/a.csv",
  "gs://bucket/a.csv",
  "hdfs://host/a.csv",
  "jar:file:///etc/passwd!/a.csv",
  "netdoc:///etc/passwd",
  "php://filter/resource=/etc/passwd",
  "data:text/csv,a",
  "javascript:alert(1)",
  "blob:https://example.org/1",
  "about:blank",
  "unix:///var/run/docker.sock",
  "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
  "view-source:http://127.0.0.1:{port}/a.csv",
  "nats://127.0.0.1:4222",
  "postgres://127.0.0.1/a",
].map((uri): HostileUri => ({ name: `the scheme of ${uri}`, row: 21, wanted: refused, input: uri }));

const tricks: readonly [string, string, string][] = [
  ["a user", "http://ada@example.org/a.csv", refused],
  ["a user and a password", "http://ada:secret@example.org/a.csv", refused],
  ["a public host for a user", "http://example.org@127.0.0.1:{port}/a.csv", refused],
  ["an empty user", "http://@127.0.0.1:{port}/a.csv", refused],
  ["a public host behind a fragment", "http://127.0.0.1:{port}#@example.org/a.csv", refused],
  ["a public host behind a question mark", "http://127.0.0.1:{port}?@example.org/a.csv", refused],
  ["a public host behind a backslash", "http://127.0.0.1:{port}\\@example.org/a.csv", refused],
  ["one slash", "http:/127.0.0.1:{port}/a.csv", refused],
  ["no slash", "http:127.0.0.1:{port}/a.csv", refused],
  ["backslashes", "http:\\\\127.0.0.1:{port}\\a.csv", refused],
  ["five slashes", "http://///127.0.0.1:{port}/a.csv", refused],
  ["a scheme in capitals", "HTTP://127.0.0.1:{port}/a.csv", refused],
  ["blanks around it", "  http://127.0.0.1:{port}/a.csv  ", refused],
  ["a tab within its scheme", "ht\ttp://127.0.0.1:{port}/a.csv", refused],
  ["a line break and a header", "http://127.0.0.1:{port}/a\r\nx-a: b", refused],
  ["a zero", "http://127.0.0.1:{port}/a\u0000.csv", refused],
  ["localhost", "http://localhost:{port}/a.csv", refused],
  ["localhost in capitals", "http://LOCALHOST:{port}/a.csv", refused],
  ["localhost in wide letters", "http://ｌｏｃａｌｈｏｓｔ:{port}/a.csv", refused],
  ["a scope of IPv6", "http://[fe80::1%25eth0]:{port}/a.csv", refused],
  ["a port of the broker", "http://127.0.0.1:4222/a.csv", refused],
  ["a port that is none", "http://127.0.0.1:99999/a.csv", refused],
  ["no host", "http:///", refused],
  ["a host of 5 numbers", "http://1.2.3.4.5/a.csv", refused],
  ["a number beyond 32 bits", "http://4294967296/a.csv", refused],
];

const paths: readonly [row: number, string, string, string][] = [
  [21, "the passwords of the machine", "file:///etc/passwd", refused],
  [21, "an absolute path outside", "/etc/passwd", refused],
  [21, "the environment of the process", "/proc/self/environ", refused],
  [21, "the memory of the process", "/proc/self/mem", refused],
  [21, "what its standard input is", "/dev/stdin", refused],
  [22, "zeros without an end", "/dev/zero", refused],
  [21, "a file of the kernel", "/sys/kernel/notes", refused],
  [21, "a way out", "{inside}/../outside/secret.csv", refused],
  [21, "a way out in an address", "file://{inside}/../outside/secret.csv", refused],
  [21, "a way out behind percent signs", "file://{inside}/%2e%2e/outside/secret.csv", refused],
  [21, "a slash behind percent signs", "file://{inside}/%2e%2e%2foutside%2fsecret.csv", refused],
  [21, "a folder whose name begins as the allowed one", "{inside}-not/secret.csv", refused],
  [21, "a file of another host", "file://fileserver/share/a.csv", refused],
  [21, "a share of Windows", "\\\\fileserver\\share\\a.csv", refused],
  [21, "a drive of Windows", "C:\\a.csv", refused],
  [21, "a relative path", "a.csv", refused],
  [21, "a relative way up", "../../etc/passwd", refused],
  [21, "somebody's home", "~/.ssh/id_rsa", refused],
  [21, "a variable", "$HOME/a.csv", refused],
  [21, "an option of a program", "--help", refused],
  [24, "a link to a file", "{inside}/link.csv", refused],
  [24, "a link to nothing", "{inside}/dangling.csv", refused],
  [24, "a link to itself", "{inside}/loop.csv", refused],
  [24, "a linked folder", "{inside}/linked/secret.csv", refused],
  [24, "a second name of a file outside", "{inside}/hard.csv", refused],
  [24, "a pipe", "{inside}/pipe.csv", refused],
  [24, "a socket", "{inside}/socket.csv", refused],
  [24, "a folder", "{inside}/folder.csv", refused],
  [21, "the allowed folder itself", "{inside}", refused],
  [21, "a pattern", "{inside}/*.csv", "FILE_MISSING"],
  [21, "a file within a file", "{inside}/good.csv/a.csv", "FILE_MISSING"],
  [21, "a name of 300 characters", `{inside}/${"a".repeat(300)}.csv`, "FILE_UNREADABLE"],
  [21, "a path of 4,000 characters", `{inside}/${"a/".repeat(1900)}.csv`, "FILE_MISSING"],
  [21, "a zero in a path", "{inside}/a\u0000.csv", refused],
  [21, "half of a character", "{inside}/a\ud800.csv", refused],
  [27, "an empty file", "{inside}/empty.csv", "FILE_EMPTY"],
];

export const hostileUris: readonly HostileUri[] = [
  ...spelt,
  ...literal,
  ...schemes,
  ...tricks.map(
    ([name, input, wanted]): HostileUri => ({ name: `an address with ${name}`, row: 21, wanted, input }),
  ),
  ...paths.map(([row, name, input, wanted]): HostileUri => ({ name, row, wanted, input })),
];
