import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { unpack } from "./unpack.ts";

const text = "at,city\n".repeat(1000);
const mebibyte = 1024 ** 2;

async function unpacked(content: Uint8Array, { chunkBytes = 7, bytesLeft = 1e9, ratioMax = 200 } = {}) {
  const chunks = async function* () {
    for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
  };
  const options = { uri: "/a.csv", bytesLeft, bytesMax: bytesLeft, ratioMax };
  const out: Uint8Array[] = [];
  for await (const chunk of unpack(chunks(), options)) out.push(chunk);
  return Buffer.concat(out).toString();
}

test.each([
  ["gzip", gzipSync(text)],
  ["several members of gzip", Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))])],
  ["Zstandard", zstdCompressSync(text)],
  ["nothing that packs", Buffer.from(text)],
])("what is packed by %s comes out, in whatever pieces it comes", async (_, content) => {
  expect(await unpacked(content)).toBe(text);
  expect(await unpacked(content, { chunkBytes: 1 })).toBe(text);
});

test("what is shorter than a beginning is left as it is", async () => {
  expect(await unpacked(Buffer.from(""))).toBe("");
  expect(await unpacked(Buffer.from("a"))).toBe("a");
});

describe("what cannot be unpacked", () => {
  test.each([
    ["gzip that was cut off", gzipSync(text).subarray(0, 40), "gzip"],
    ["gzip with a wrong checksum", damaged(gzipSync(text)), "gzip"],
    ["Zstandard that was cut off", zstdCompressSync(text).subarray(0, 20), "Zstandard"],
    ["the beginning of gzip alone", Buffer.from([0x1f, 0x8b, 0xff, 0xff]), "gzip"],
  ])("%s is refused", async (_, content, name) => {
    await expect(unpacked(content)).rejects.toMatchObject({
      code: "COMPRESSION_UNREADABLE",
      message: expect.stringContaining(`begins as ${name} does`),
    });
  });

  function damaged(content: Buffer): Buffer {
    content.writeUInt32LE(0, content.length - 8);
    return content;
  }
});

describe("limits", () => {
  test("no more comes out than there is room for", async () => {
    const refused = { code: "TOO_LARGE" };
    await expect(unpacked(gzipSync(text), { bytesLeft: 100 })).rejects.toMatchObject(refused);
    await expect(unpacked(Buffer.from(text), { bytesLeft: 100 })).rejects.toMatchObject(refused);
  });

  test("a bomb is refused by how much it stands for", async () => {
    const bomb = gzipSync(Buffer.alloc(40 * mebibyte));
    await expect(unpacked(bomb, { chunkBytes: 65_536 })).rejects.toMatchObject({ code: "PACKED_TOO_MUCH" });
    expect(await unpacked(bomb, { chunkBytes: 65_536, ratioMax: 2000 })).toHaveLength(40 * mebibyte);
  });

  test("a small file may be packed as well as it can be", async () => {
    expect(await unpacked(gzipSync(Buffer.alloc(mebibyte)))).toHaveLength(mebibyte);
  });
});
