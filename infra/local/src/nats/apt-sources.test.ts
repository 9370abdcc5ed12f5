import { expect, test } from "vitest";
import { parseSourcesFile, parseSourcesList, writeSourcesFile } from "./apt-sources.ts";

test("a .sources file has one source per stanza", () => {
  const text = `# the main mirror
Types: deb deb-src
# a comment inside of a stanza
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;
  expect(parseSourcesFile(text)).toEqual([
    {
      uris: ["http://mirror.example/debian"],
      suites: ["bookworm", "bookworm-updates"],
      signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
    },
    { uris: ["http://mirror.example/debian-security"], suites: ["bookworm-security"] },
  ]);
});

test("sources that are switched off or hold no programs are left out", () => {
  const text = `Types: deb
Enabled: no
URIs: http://off.example
Suites: bookworm

Types: deb-src
URIs: http://code.example
Suites: bookworm
`;
  expect(parseSourcesFile(text)).toEqual([]);
  expect(
    parseSourcesList("# deb http://off.example bookworm main\ndeb-src http://code.example bookworm main"),
  ).toEqual([]);
});

test("a sources.list has one source per line, with or without options", () => {
  const text = `deb http://mirror.example/ubuntu noble main restricted
deb [arch=amd64 signed-by=/etc/apt/keyrings/mirror.gpg trusted=yes] https://mirror.example/debian bookworm main
`;
  expect(parseSourcesList(text)).toEqual([
    { uris: ["http://mirror.example/ubuntu"], suites: ["noble"] },
    {
      uris: ["https://mirror.example/debian"],
      suites: ["bookworm"],
      signedBy: "/etc/apt/keyrings/mirror.gpg",
      trusted: "yes",
    },
  ]);
});

test("a key that is written out in the source is carried over line by line", () => {
  const key =
    "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEY\n -----END PGP PUBLIC KEY BLOCK-----";
  const [source] = parseSourcesFile(`Types: deb\nURIs: http://a.example\nSuites: trixie\n${key}\n`);
  if (source === undefined) throw new Error("the source was not read");
  const written = writeSourcesFile(source, "sid", "main");
  expect(written).toContain("-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEY");
  expect(parseSourcesFile(written)).toEqual([{ ...source, suites: ["sid"] }]);
});
