import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { services } from "@cascade/contracts";
import { partiesVariable, readParties } from "@cascade/provision";
import { onNpmGone } from "./npm-gone.ts";
import { defaultPortBase, type Ports, portsFrom } from "./ports.ts";
import { startStack } from "./start-stack.ts";
import { submitPipeline } from "./submit-pipeline.ts";

const usage = `npm start [-- OPTIONS]

Starts NATS, Postgres and every service, and keeps them running until Ctrl-C.
Data stay in the data directory; started again, it goes on from there.

  --data DIR         data directory (CASCADE_DATA_DIRECTORY, default .cascade)
  --port-base N      first port, the services follow (CASCADE_PORT_BASE, default ${defaultPortBase})
  --nats-port N      port of NATS (CASCADE_NATS_PORT, default port base + 22)
  --postgres-port N  port of Postgres (CASCADE_POSTGRES_PORT, default port base + 32)
  --outside PARTIES  systems of others that may connect to NATS (${partiesVariable}, default partner)
  --processes        a process per service instead of one for all
  --help             this text
`;

const examplePipeline = fileURLToPath(new URL("../../../examples/flights/pipeline.yaml", import.meta.url));

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      "port-base": { type: "string" },
      "nats-port": { type: "string" },
      "postgres-port": { type: "string" },
      outside: { type: "string" },
      processes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const base = portsFrom(
    port("--port-base", values["port-base"] ?? process.env.CASCADE_PORT_BASE, defaultPortBase),
  );
  const ports: Ports = {
    ...base,
    nats: port("--nats-port", values["nats-port"] ?? process.env.CASCADE_NATS_PORT, base.nats),
    postgres: port(
      "--postgres-port",
      values["postgres-port"] ?? process.env.CASCADE_POSTGRES_PORT,
      base.postgres,
    ),
  };
  return {
    directory: values.data ?? process.env.CASCADE_DATA_DIRECTORY ?? ".cascade",
    ports,
    parties: readParties(values.outside ?? process.env[partiesVariable]),
    processes: values.processes,
    help: values.help,
  };
}

function port(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_000) return value;
  throw new Error(`${option} must be a port number from 0 to 65000, not "${text}"`);
}

async function main(): Promise<void> {
  const { help, ...options } = readOptions();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const say = (text: string) => process.stdout.write(`${text}\n`);
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const interrupted = new Promise<NodeJS.Signals>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
    onNpmGone(() => resolve("SIGTERM"));
  });
  const stack = await startStack({
    ...options,
    onProgress: (message) => say(`… ${message}`),
    onExit: (what, reason) => fail(new Error(`${what} ${reason}\nSee ${options.directory}/logs/${what}.log`)),
  });
  try {
    const pipeline = await submitPipeline(
      stack.accessAs("operator"),
      await readFile(examplePipeline, "utf8"),
      "pipeline.yaml",
    );
    say(`\nCascade is running. Ctrl-C stops it; its data stay in ${stack.directory}`);
    say(`\n  NATS        ${stack.natsUrl}`);
    for (const { name } of options.parties) say(`  key of ${name}: ${stack.keyFileOfParty(name)}`);
    for (const name of services) say(`  ${name.padEnd(11)} ${stack.urlOf(name)}`);
    if (options.directory !== ".cascade")
      say(`\nSo that npx cascade finds it: export CASCADE_DATA_DIRECTORY=${stack.directory}`);
    say(`\nThe pipeline "${pipeline}" is applied. In another terminal, try:\n`);
    say("  npm run example:data      writes weeks of flights to examples/flights/data");
    say(`  npx cascade publish data-arrived ${pipeline} --uri examples/flights/data/2001-w0{1,2,3}.parquet`);
    say("  npx cascade follow        shows what follows, live");
    say("  npx cascade status");
    say("  npx cascade --help\n");
    await Promise.race([interrupted, failed]);
    say("\nstopping …");
  } finally {
    await stack.stop();
  }
  say("stopped");
}

await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
