import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { settings } from "./config.ts";

test("docker-compose.yml hands on every setting that says where data come from and how large they may be", async () => {
  const compose = await readFile(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
  const service = /^ {2}ingestion:\n(?: {4}.*\n|\n)+/mu.exec(compose)?.[0] ?? "";
  const handedOn = [...service.matchAll(/^ {6}(CASCADE_(?:INGEST|S3)_\w+):/gmu)].map(([, name]) => name);
  const declared = Object.values(settings).map(({ variable }) => variable);
  expect(handedOn.toSorted()).toEqual(
    declared.filter((variable) => /^CASCADE_(?:INGEST|S3)_/u.test(variable)).toSorted(),
  );
});
