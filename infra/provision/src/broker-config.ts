import { type BrokerAccount, brokerAccounts, type OutsideParty, systemAccount } from "@cascade/contracts";
import { type Credentials, keyOf } from "./credentials.ts";

/** The accounts as nats-server's configuration wants them. It holds public keys alone, so that it is no secret. */
export function brokerConfig(parties: readonly OutsideParty[], { publicKeys }: Credentials): object {
  const accounts = brokerAccounts(parties);
  return {
    system_account: systemAccount,
    accounts: Object.fromEntries(accounts.map((account) => [account.name, describe(account, publicKeys)])),
  };
}

function describe(account: BrokerAccount, publicKeys: ReadonlyMap<string, string>): object {
  return {
    ...(account.jetstream ? { jetstream: "enabled" } : {}),
    users: account.users.map(({ name, publish, subscribe }) => ({
      nkey: publicKeys.get(keyOf(account.name, name)),
      permissions: { publish: { allow: publish }, subscribe: { allow: subscribe } },
    })),
    exports: account.exports.map(({ kind, subject, accounts, streamed }) => ({
      [kind]: subject,
      accounts,
      ...(streamed === true ? { response_type: "stream" } : {}),
    })),
    imports: account.imports.map(({ kind, subject, from, as }) => ({
      [kind]: { account: from, subject },
      ...(as === undefined ? {} : { to: as }),
    })),
  };
}
