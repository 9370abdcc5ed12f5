import { defaultParties } from "../outside.ts";
import { brokerAccounts } from "../permissions/broker-accounts.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";

/** The broker's accounts, users and rights, with the outside party that is there by default. */
export function permissionsFile(): GeneratedFile {
  return jsonFile("generated/nats-permissions.json", { accounts: brokerAccounts(defaultParties) });
}
