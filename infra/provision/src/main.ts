import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessFrom } from "@cascade/messaging";
import { adoptOpenStore } from "./adopt-open-store.ts";
import { brokerConfig } from "./broker-config.ts";
import { openCredentials } from "./credentials.ts";
import { partiesVariable, readParties } from "./parties.ts";
import { provisionBroker } from "./provision-broker.ts";

const usage = `node infra/provision/src/main.ts COMMAND

Prepares a broker that others start, such as that of docker compose.

  credentials   makes the keys that are missing, each user's in a folder of its own below /credentials, writes the
                broker's accounts to /broker/accounts.conf, and takes over streams in /data from before
  streams       brings streams and the durables of outsiders in line with the contracts
  print USER    prints the key of a user: operator, system, or outside-NAME

Settings: ${partiesVariable}; for streams CASCADE_NATS_URL and CASCADE_NATS_NKEY_FILE.
`;

const fileOf = (user: string) => join("/credentials", folderOf(user), `${user}.nk`);

/** No container uses the keys of outsiders, so they need no volume each. */
function folderOf(user: string): string {
  return user.startsWith("outside-") ? "outside" : user;
}

async function main([command, user]: readonly string[]): Promise<void> {
  const parties = readParties(process.env[partiesVariable]);
  switch (command) {
    case "credentials": {
      const credentials = await openCredentials({ parties, fileOf });
      const config = brokerConfig(parties, credentials);
      await writeFile("/broker/accounts.conf", `${JSON.stringify(config, null, 1)}\n`);
      return await adoptOpenStore("/data");
    }
    case "streams": {
      const servers = process.env.CASCADE_NATS_URL ?? "nats://nats:4222";
      return await provisionBroker({ servers, ...accessFrom(process.env) }, parties);
    }
    case "print": {
      process.stdout.write(await readFile(fileOf(user ?? "operator"), "utf8"));
      return;
    }
    default:
      process.stdout.write(usage);
      process.exitCode = command === undefined || command === "--help" ? 0 : 2;
  }
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
