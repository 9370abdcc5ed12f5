import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ServiceName } from "@cascade/contracts";
import type { AnyService, Environment } from "@cascade/service-kit";
import { startService } from "@cascade/service-kit";
import { z } from "zod";

/** One running replica of a service, in this process or in one of its own. */
export interface HostedService {
  readonly name: ServiceName;
  readonly replica: string;
  readonly url: string;
  /** Its process where it has one of its own. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
  /** Ends its process at once, as a crash would. Only where it has one of its own. */
  kill(): Promise<void>;
}

export interface HostOptions {
  readonly name: ServiceName;
  readonly environment: Environment;
  onExit(reason: string): void;
}

/** Services have no exports, so that none can import another: their host finds them by their place. */
export function sourceOf(name: ServiceName, file: "service" | "main"): URL {
  return new URL(`../../../services/${name}/src/${file}.ts`, import.meta.url);
}

/** Runs a service inside this process. */
export async function hostInProcess({ name, environment, onExit }: HostOptions): Promise<HostedService> {
  const module: { service: AnyService } = await import(sourceOf(name, "service").href);
  const running = await startService(module.service, {
    environment,
    onFatal: (error) => onExit(error instanceof Error ? error.message : String(error)),
  });
  return {
    name,
    replica: running.replica,
    url: running.url,
    pid: undefined,
    stop: () => running.stop(),
    kill: async () => {
      throw new Error(`${name} shares this process; start the stack with a process per service to kill one`);
    },
  };
}

const Ready = z.object({ ready: z.literal(true), replica: z.string(), url: z.string() });

/** Runs a service as a child process; it ends with this one. */
export async function hostAsProcess({ name, environment, onExit }: HostOptions): Promise<HostedService> {
  const child = spawn(process.execPath, [fileURLToPath(sourceOf(name, "main"))], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  let stopping = false;
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(`ended with ${signal ?? `code ${code}`}. ${complaint.trim()}`),
    );
    child.once("error", (error) => resolve(error.message));
  });
  const ready = await Promise.race([
    new Promise<z.infer<typeof Ready>>((resolve) =>
      child.once("message", (message) => resolve(Ready.parse(message))),
    ),
    exited.then((reason) => Promise.reject(new Error(`${name} could not start: it ${reason}`))),
  ]);
  void exited.then((reason) => {
    if (!stopping) onExit(reason);
  });
  const end = async (signal: NodeJS.Signals) => {
    stopping = true;
    child.kill(signal);
    // A paused process hears no signal but this one before it goes on.
    child.kill("SIGCONT");
    await exited;
  };
  return {
    name,
    replica: ready.replica,
    url: ready.url,
    pid: child.pid,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
