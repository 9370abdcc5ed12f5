import type { OutsideParty } from "@cascade/contracts";
import {
  type BrokerAccess,
  connectBroker,
  noLog,
  provisionOutgoing,
  provisionStreams,
} from "@cascade/messaging";

/** Brings every stream and the durables of outsiders in line with the contracts, as the only user who may. */
export async function provisionBroker(access: BrokerAccess, parties: readonly OutsideParty[]): Promise<void> {
  const connection = await connectBroker({ ...access, name: "provisioner", log: noLog });
  try {
    await provisionStreams(connection);
    await provisionOutgoing(connection, parties);
  } finally {
    await connection.close();
  }
}
