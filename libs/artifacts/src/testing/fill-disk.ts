import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ArtifactError } from "../errors.ts";
import { openArtifactStore } from "../open-artifact-store.ts";

// Started by a test with a folder on a file system of 1 MiB: prints how two copies that do not fit end.
const small = process.argv[2] ?? "";
const large = new Uint8Array(3 << 20);
const tell = (error: unknown) => console.log(error instanceof ArtifactError ? error.code : error);
const left = async (folder: string) => console.log(`${(await readdir(folder)).length} left`);

await openArtifactStore(pathToFileURL(join(small, "store")).href)
  .putBytes(large, "text/plain")
  .catch(tell);
await left(join(small, "store", "incoming"));

const roomy = openArtifactStore(pathToFileURL(join(small, "..", "roomy")).href);
const ref = await roomy.putBytes(large, "text/plain");
await mkdir(join(small, "work"));
await roomy.fetchToFile(ref, join(small, "work")).catch(tell);
await left(join(small, "work"));
