import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { accountOfParty, brokerAccounts, type OutsideParty } from "@cascade/contracts";
import { createUser, fromSeed } from "@nats-io/nkeys";

/** The keys of the broker's users: a file with a seed for each, readable by its owner alone. */
export interface Credentials {
  /** The public key of each user, by the name of its account and its own. */
  readonly publicKeys: ReadonlyMap<string, string>;
  /** The file with the seed of one of our own users: a service, `operator`, `provisioner` or `system`. */
  fileOf(user: string): string;
  /** The file with the seed of an outside party. */
  fileOfParty(name: string): string;
}

export interface CredentialsOptions {
  readonly parties: readonly OutsideParty[];
  /** Where the seed of a user lies. Parties are named `outside-<name>`, so that none passes for one of ours. */
  fileOf(user: string): string;
}

/** Seeds in one folder, each user in a file named after it. */
export function inFolder(directory: string): CredentialsOptions["fileOf"] {
  return (user) => join(directory, `${user}.nk`);
}

const forParty = (name: string) => `outside-${name}`;

/** Opens the keys of every user, and makes those that are missing. Seeds that are there are never replaced. */
export async function openCredentials({ parties, fileOf }: CredentialsOptions): Promise<Credentials> {
  const partyOfAccount = new Map(parties.map((party) => [accountOfParty(party), party]));
  const publicKeys = new Map<string, string>();
  for (const account of brokerAccounts(parties)) {
    for (const { name } of account.users) {
      const file = fileOf(partyOfAccount.has(account.name) ? forParty(name) : name);
      publicKeys.set(keyOf(account.name, name), await publicKeyIn(file));
    }
  }
  return { publicKeys, fileOf, fileOfParty: (name) => fileOf(forParty(name)) };
}

export function keyOf(account: string, user: string): string {
  return `${account}/${user}`;
}

async function publicKeyIn(file: string): Promise<string> {
  const seed = (await readSeed(file)) ?? (await makeSeed(file));
  try {
    return fromSeed(new TextEncoder().encode(seed)).getPublicKey();
  } catch (error) {
    throw new Error(`${file} holds no nkey seed. Remove it, and a new one is made at the next start.`, {
      cause: error,
    });
  }
}

async function readSeed(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The seed appears whole and at once; where two make one at the same time, both use the first. */
async function makeSeed(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomUUID()}.new`;
  await writeFile(unfinished, `${new TextDecoder().decode(createUser().getSeed())}\n`, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  try {
    await link(unfinished, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(unfinished);
  }
  return (await readFile(file, "utf8")).trim();
}
