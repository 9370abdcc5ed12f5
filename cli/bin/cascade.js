#!/usr/bin/env node
// Starts the CLI on the Node version that the project pins, whatever `node` the shell finds:
// the sources are TypeScript, and only Node 24 and newer run them as they are.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(main);
} else {
  const node = createRequire(import.meta.url).resolve("node/bin/node");
  const { status, signal } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? (signal === "SIGINT" ? 130 : 1);
}
