import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findNatsServer } from "./find-nats-server.ts";
import { pinnedRelease } from "./from-release.ts";
import { keepInCache } from "./nats-cache.ts";

const systemPath = "/usr/bin:/bin";
const nowhere = { releasesUrl: "http://127.0.0.1:9", osReleasePath: "/dev/null" };

/** A program that answers as a server of a version does; the search asks for nothing else. */
async function writeProgram(path: string, version: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

function folder() {
  return mkdtempDisposable(join(tmpdir(), "cascade-test-"));
}

test("NATS_SERVER_BIN comes before everything else", async () => {
  await using home = await folder();
  await writeProgram(join(home.path, "bin", "nats-server"), "2.14.0");
  const chosen = await writeProgram(join(home.path, "mine"), "2.11.3");
  const environment = { NATS_SERVER_BIN: chosen, PATH: `${home.path}/bin:${systemPath}` };
  expect(await findNatsServer({ environment })).toEqual({ path: chosen, version: "2.11.3" });
});

test("a NATS_SERVER_BIN that cannot be used is an error and not replaced in silence", async () => {
  await using home = await folder();
  const old = await writeProgram(join(home.path, "old"), "2.9.10");
  for (const [NATS_SERVER_BIN, reason] of [
    [old, "is 2.9.10, too old: 2.10 or newer is needed"],
    [join(home.path, "none"), "is not installed"],
    ["/bin/echo", "does not print a version"],
  ] as const) {
    const search = findNatsServer({ environment: { NATS_SERVER_BIN, PATH: systemPath } });
    await expect(search).rejects.toMatchObject({ code: "NATS_SERVER_BIN_UNUSABLE" });
    await expect(search).rejects.toThrow(reason);
  }
});

test("a server on PATH that is too old is passed over for the newest in the cache", async () => {
  await using home = await folder();
  await writeProgram(join(home.path, "bin", "nats-server"), "2.9.10");
  for (const version of ["2.9.1", "2.10.1", "2.12.0"]) {
    await writeProgram(join(home.path, "cache", "cascade", "nats-server", version, "nats-server"), version);
  }
  const environment = { PATH: `${home.path}/bin:${systemPath}`, XDG_CACHE_HOME: join(home.path, "cache") };
  expect(await findNatsServer({ environment, ...nowhere })).toMatchObject({ version: "2.12.0" });
});

test("when nothing is found, the error tells every way that was tried", async () => {
  await using home = await folder();
  await writeProgram(join(home.path, "bin", "nats-server"), "2.9.10");
  const environment = { PATH: `${home.path}/bin:${systemPath}`, HOME: home.path };
  const search = findNatsServer({ environment, ...nowhere, cacheDirectory: join(home.path, "cache") });
  await expect(search).rejects.toMatchObject({ code: "NATS_SERVER_NOT_FOUND" });
  for (const part of [
    "PATH: ",
    "is 2.9.10, too old",
    "nothing there yet",
    `release ${pinnedRelease}: `,
    "neither Debian nor Ubuntu",
    "set NATS_SERVER_BIN",
  ]) {
    await expect(search).rejects.toThrow(part);
  }
});

test("many processes may fill the cache at once", async () => {
  await using home = await folder();
  const program = await writeProgram(join(home.path, "program"), "2.12.0");
  const cache = join(home.path, "cache");
  const kept = await Promise.all(
    Array.from({ length: 8 }, () => keepInCache(cache, program, { PATH: systemPath })),
  );
  expect(new Set(kept.map(({ path }) => path)).size).toBe(1);
  expect(await readdir(join(cache, "nats-server", "2.12.0"))).toEqual(["nats-server"]);
});

async function serveRelease(home: string, digestOf: (archive: Buffer) => string) {
  const name = `nats-server-${pinnedRelease}-${platform()}-${arch() === "x64" ? "amd64" : "arm64"}`;
  await writeProgram(join(home, "release", name, "nats-server"), pinnedRelease.slice(1));
  execFileSync("tar", ["-czf", join(home, "archive"), "-C", join(home, "release"), name]);
  const archive = await readFile(join(home, "archive"));
  const files: Readonly<Record<string, string | Buffer>> = {
    [`/${pinnedRelease}/SHA256SUMS`]: `${digestOf(archive)}  ${name}.tar.gz\n`,
    [`/${pinnedRelease}/${name}.tar.gz`]: archive,
  };
  const server = createServer(({ url = "" }, response) => {
    response.statusCode = files[url] === undefined ? 404 : 200;
    response.end(files[url]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => server.close() };
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

test("the pinned release is downloaded once and then taken from the cache", async () => {
  await using home = await folder();
  using release = await serveRelease(home.path, sha256);
  const search = {
    environment: { PATH: systemPath },
    cacheDirectory: join(home.path, "cache"),
    osReleasePath: "/dev/null",
  };
  const found = await findNatsServer({ ...search, releasesUrl: release.url });
  expect(found.version).toBe(pinnedRelease.slice(1));
  expect(await findNatsServer({ ...search, releasesUrl: nowhere.releasesUrl })).toEqual(found);
  expect(await readdir(search.cacheDirectory)).toEqual(["nats-server"]);
});

test("a download that differs from the release's digests is not used", async () => {
  await using home = await folder();
  using release = await serveRelease(home.path, () => "0".repeat(64));
  const cacheDirectory = join(home.path, "cache");
  const search = findNatsServer({
    environment: { PATH: systemPath },
    cacheDirectory,
    releasesUrl: release.url,
    osReleasePath: "/dev/null",
  });
  await expect(search).rejects.toThrow("but the release lists 0000");
  expect(existsSync(join(cacheDirectory, "nats-server"))).toBe(false);
});

/** A package archive in a folder, as apt reads it, with one package in its newest suite. */
async function makeArchive(root: string): Promise<string> {
  const tree = join(root, "tree");
  await writeProgram(join(tree, "usr", "sbin", "nats-server"), "2.12.1");
  const architecture = execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim();
  const control = [
    "Package: nats-server",
    "Version: 2.12.1-1",
    `Architecture: ${architecture}`,
    "Maintainer: Nobody <nobody@example.org>",
    "Description: stands in for the server",
  ];
  await mkdir(join(tree, "DEBIAN"));
  await writeFile(join(tree, "DEBIAN", "control"), `${control.join("\n")}\n`);
  const list = `dists/sid/main/binary-${architecture}`;
  await mkdir(join(root, "archive", list), { recursive: true });
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", tree, join(root, "archive", "nats.deb")]);
  const content = await readFile(join(root, "archive", "nats.deb"));
  const entry = [...control, "Filename: nats.deb", `Size: ${content.length}`, `SHA256: ${sha256(content)}`];
  const packages = `${entry.join("\n")}\n`;
  await writeFile(join(root, "archive", list, "Packages"), packages);
  const digest = `${sha256(Buffer.from(packages))} ${packages.length} main/binary-${architecture}/Packages`;
  const release = ["Suite: unstable", "Codename: sid", "Components: main", `Architectures: ${architecture}`];
  await writeFile(
    join(root, "archive/dists/sid/Release"),
    [...release, "SHA256:", ` ${digest}`, ""].join("\n"),
  );
  return join(root, "archive");
}

const hasApt = existsSync("/usr/bin/apt-get") && existsSync("/usr/bin/dpkg-deb");

test.skipIf(!hasApt)(
  "the distribution's newest package comes from the mirror in use, in either notation",
  async () => {
    await using home = await folder();
    const archive = await makeArchive(home.path);
    const osReleasePath = join(home.path, "os-release");
    await writeFile(osReleasePath, 'ID=debian\nVERSION_CODENAME="bookworm"\n');
    const notations = {
      "sources.list": `deb http://127.0.0.1:9/other elsewhere main\ndeb [trusted=yes] file:${archive} bookworm main\n`,
      "sources.list.d/main.sources": `Types: deb\nURIs: file:${archive}\nSuites: bookworm\nComponents: main\nTrusted: yes\n`,
    };
    for (const [name, text] of Object.entries(notations)) {
      const aptDirectory = join(home.path, `apt-${name.length}`);
      await mkdir(join(aptDirectory, "sources.list.d"), { recursive: true });
      await writeFile(join(aptDirectory, name), text);
      const found = await findNatsServer({
        environment: { PATH: systemPath },
        cacheDirectory: join(home.path, `cache-${name.length}`),
        releasesUrl: nowhere.releasesUrl,
        aptDirectory,
        osReleasePath,
      });
      expect(found.version).toBe("2.12.1");
    }
  },
);

test.skipIf(!hasApt)("a mirror that does not answer is named in the error", async () => {
  await using home = await folder();
  const osReleasePath = join(home.path, "os-release");
  await writeFile(osReleasePath, "ID=debian\nVERSION_CODENAME=bookworm\n");
  await writeFile(join(home.path, "sources.list"), "deb http://127.0.0.1:9/debian bookworm main\n");
  const search = findNatsServer({
    environment: { PATH: systemPath },
    cacheDirectory: join(home.path, "cache"),
    releasesUrl: nowhere.releasesUrl,
    aptDirectory: home.path,
    osReleasePath,
  });
  await expect(search).rejects.toThrow("http://127.0.0.1:9/debian");
});
