import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CaughtBug, plantedBugs } from "./bugs.ts";

// Plants one bug after the other, and demands that the test which is there for it passes without and fails with it.

/** The part of vitest's JSON report that counts here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

async function runTest({ name, caughtBy }: CaughtBug, planted: boolean): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), "cascade-planted-"));
  const outputFile = join(directory, "report.json");
  try {
    const child = spawn(
      "npx",
      ["vitest", "run", caughtBy.file, "-t", caughtBy.test, "--reporter=json", `--outputFile=${outputFile}`],
      { env: { ...process.env, ...(planted ? { PLANTED_BUG: name } : {}) }, stdio: "ignore" },
    );
    await once(child, "exit");
    return JSON.parse(await readFile(outputFile, "utf8")) as Report;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

let missed = 0;
for (const bug of plantedBugs) {
  const without = await runTest(bug, false);
  const withBug = await runTest(bug, true);
  const isCaught = without.numFailedTests === 0 && without.numPassedTests > 0 && withBug.numFailedTests > 0;
  if (!isCaught) missed += 1;
  process.stdout.write(`${isCaught ? "caught" : "MISSED"}  ${bug.name}\n`);
}
process.stdout.write(`${plantedBugs.length - missed} of ${plantedBugs.length} planted bugs were caught\n`);
if (missed > 0) process.exitCode = 1;
