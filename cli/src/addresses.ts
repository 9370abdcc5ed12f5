import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { accessFrom, type BrokerAccess } from "@cascade/messaging";
import { StackFile } from "@cascade/stack/stack-file";
import { CliError, exitCodes } from "./errors.ts";

export interface AddressOptions {
  readonly nats?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

export interface Addresses {
  readonly broker: BrokerAccess;
  urlOf(service: string): string;
  /** Where artifacts are kept. */
  artifactsUrl(): string;
}

/**
 * Finds the system, and the key of the operator: what the command line says, then `CASCADE_NATS_URL` and `CASCADE_<SERVICE>_URL`, then a
 * stack that `npm start` runs in this folder or one above it.
 */
export function findAddresses({ nats, environment, directory }: AddressOptions): Addresses {
  const stack = findStackFile(environment.CASCADE_DATA_DIRECTORY, directory);
  const natsUrl = nats ?? environment.CASCADE_NATS_URL ?? stack?.natsUrl;
  if (natsUrl === undefined) {
    throw new CliError(
      exitCodes.unreachable,
      "No running system was found. Run npm start in this folder, set CASCADE_DATA_DIRECTORY to the data directory of one that runs elsewhere, or set CASCADE_NATS_URL (or --nats) to the address of NATS.",
    );
  }
  const given = accessFrom(environment);
  const isGiven = given.nkeyFile ?? given.nkeySeed ?? given.credsFile;
  // The key of a stack is for that stack alone.
  const nkeyFile =
    isGiven === undefined && natsUrl === stack?.natsUrl ? stack.operatorKeyFile : given.nkeyFile;
  return {
    broker: { ...given, servers: natsUrl, nkeyFile },
    artifactsUrl: () => {
      const url = environment.CASCADE_ARTIFACTS_URL ?? stack?.artifactsUrl;
      if (url !== undefined) return url;
      throw new CliError(
        exitCodes.unreachable,
        "Where the rows are kept is not known. Set CASCADE_ARTIFACTS_URL to what the services have.",
      );
    },
    urlOf: (service) => {
      const variable = `CASCADE_${service.toUpperCase()}_URL`;
      const url = environment[variable] ?? stack?.services[service];
      if (url !== undefined) return url;
      throw new CliError(exitCodes.unreachable, `The address of ${service} is not known. Set ${variable}.`);
    },
  };
}

function findStackFile(dataDirectory: string | undefined, directory: string): StackFile | undefined {
  const candidates: string[] = [];
  if (dataDirectory !== undefined) candidates.push(resolve(directory, dataDirectory));
  for (let at = resolve(directory); ; at = dirname(at)) {
    candidates.push(join(at, ".cascade"));
    if (dirname(at) === at) break;
  }
  for (const candidate of candidates) {
    try {
      return StackFile.parse(JSON.parse(readFileSync(join(candidate, "stack.json"), "utf8")));
    } catch (error) {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
        continue;
      throw new CliError(
        exitCodes.unreachable,
        `${candidate}/stack.json cannot be read; run npm start again.`,
        {
          cause: error,
        },
      );
    }
  }
  return undefined;
}
