import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { eventDefinitions } from "../catalogue.ts";
import { allFiles } from "./all-files.ts";
import { compareFiles, type Difference } from "./compare-files.ts";

/** Writes the files that follow from the contracts. With --check: writes none, and fails if one is stale. */
const root = resolve(import.meta.dirname, "../..");
const difference = await compareFiles(root, allFiles(eventDefinitions));
const isCheck = process.argv.includes("--check");
const problems = isCheck ? checkProblems(difference) : writeProblems(difference);

if (problems.length === 0 && !isCheck) {
  for (const { path, content } of difference.stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    console.log(`wrote contracts/${path}`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function checkProblems({ stale, leftOver, breaking }: Difference): string[] {
  return [
    ...breaking,
    ...stale.map(({ path }) => `contracts/${path} is stale: run npm run generate and commit it.`),
    ...leftOver.map((path) => `contracts/${path} belongs to nothing any more: delete it.`),
  ];
}

/** A snapshot of a published version is not overwritten with something that breaks its users. */
function writeProblems({ leftOver, breaking }: Difference): string[] {
  return [
    ...breaking,
    ...leftOver.map((path) => `contracts/${path} belongs to nothing any more: delete it.`),
  ];
}
