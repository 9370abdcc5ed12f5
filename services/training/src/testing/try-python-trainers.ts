import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * Really runs the Python examples: with the Python of CASCADE_TEST_PYTHON, or with one of a virtual environment that
 * is made for them. Says so where there is none.
 */
const root = resolve(import.meta.dirname, "../../../..");
const environment = join(root, ".cascade", "tools", "python-trainers");

const python = process.env.CASCADE_TEST_PYTHON ?? prepared(await made());
if (python === undefined) {
  console.log(
    "Skipped: there is no python3 with venv. Set CASCADE_TEST_PYTHON to one that has what they need.",
  );
} else {
  console.log(`Running the examples with ${python}.`);
  const test = "services/training/src/python-trainers.component.test.ts";
  const { status } = spawnSync("npx", ["vitest", "run", "--project", "component", test], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, CASCADE_TEST_PYTHON: python },
  });
  process.exitCode = status ?? 1;
}

/** A virtual environment, empty when it is new. */
async function made(): Promise<string | undefined> {
  const program = join(environment, "bin", "python");
  if (existsSync(program)) return program;
  await mkdir(environment, { recursive: true });
  return run("python3", ["-m", "venv", environment]) ? program : undefined;
}

function prepared(program: string | undefined): string | undefined {
  if (program === undefined) return undefined;
  console.log("Installing what the examples need, which takes minutes the first time.");
  const requirements = join(root, "examples", "trainers", "requirements.txt");
  return run(program, ["-m", "pip", "install", "--quiet", "--requirement", requirements])
    ? program
    : undefined;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, [...args], { stdio: "inherit" }).status === 0;
}
