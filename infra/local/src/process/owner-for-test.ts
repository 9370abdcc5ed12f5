import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process of its own that starts a server, so that a test can end it without warning. */
export async function startInOwner(startServer: "startNats" | "startPostgres", options: object) {
  const index = new URL("../index.ts", import.meta.url).href;
  const script = `
    const { ${startServer} } = await import(${JSON.stringify(index)});
    const { pid, port } = await ${startServer}(${JSON.stringify(options)});
    console.log(JSON.stringify({ pid, port }));
  `;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: owner.stdout });
  const [line] = await Promise.race([once(lines, "line"), once(owner, "exit")]);
  const server = JSON.parse(String(line)) as { readonly pid: number; readonly port: number };
  return {
    ...server,
    ownerPid: owner.pid ?? 0,
    killOwner: async () => {
      owner.kill("SIGKILL");
      if (owner.exitCode === null && owner.signalCode === null) await once(owner, "exit");
    },
    [Symbol.asyncDispose]: async () => {
      owner.kill("SIGKILL");
    },
  };
}
