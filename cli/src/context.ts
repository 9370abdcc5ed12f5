import type { Command } from "commander";
import { createColors } from "picocolors";
import { type Addresses, findAddresses } from "./addresses.ts";
import type { Colors } from "./follow/write-lines.ts";
import { openSession, type Session } from "./session.ts";

/** What a command needs: where the system is, how to speak, who asks. */
export interface CommandContext {
  readonly addresses: Addresses;
  readonly json: boolean;
  readonly by: string;
  readonly colors: Colors;
  connect(): Promise<Session>;
  /** Writes for people, unless JSON was asked for. */
  say(text: string): void;
  /** Writes one JSON document where JSON was asked for. */
  sayJson(value: unknown): void;
}

interface GlobalOptions {
  readonly nats?: string;
  readonly json?: boolean;
  readonly by?: string;
}

export function contextOf(command: Command): CommandContext {
  const options = command.optsWithGlobals<GlobalOptions>();
  const json = options.json === true;
  const addresses = findAddresses({ nats: options.nats, environment: process.env, directory: process.cwd() });
  return {
    addresses,
    json,
    by: options.by ?? process.env.USER ?? process.env.LOGNAME ?? "operator",
    colors: createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined),
    connect: () => openSession(addresses.broker),
    say: (text) => {
      if (!json) process.stdout.write(`${text}\n`);
    },
    sayJson: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}
