import { AuthorizationError } from "@nats-io/transport-node";
import { describeError, MessagingError } from "../errors.ts";
import { accessVariables, type BrokerAccess } from "./access.ts";
import { shownServers } from "./shown-servers.ts";

/** Says what to do where the broker, or our own check of it, has refused a connection; any other error stays. */
export function explainRefusal(error: unknown, access: BrokerAccess): unknown {
  const where = shownServers(access.servers);
  if (causesOf(error).some((cause) => cause instanceof AuthorizationError)) {
    return new MessagingError("BROKER_CREDENTIALS_REFUSED", `${refusal(access, where)}`, { cause: error });
  }
  const tlsCause = causesOf(error).find(isTlsError);
  if (tlsCause === undefined) return error;
  return new MessagingError(
    "BROKER_TLS_FAILED",
    `No trusted connection to NATS at ${where}: ${describeError(tlsCause).message}. ` +
      `${accessVariables.caFile} must name the certificate of the authority that signed the server's certificate, ` +
      "and the server's certificate must be valid for the host name of the address.",
    { cause: error },
  );
}

function refusal(access: BrokerAccess, where: string): string {
  if (access.nkeyFile ?? access.nkeySeed ?? access.credsFile) {
    const shown = access.nkeyFile ?? access.credsFile ?? accessVariables.nkeySeed;
    return `NATS at ${where} does not know the credentials of ${shown}. Take those that were made for this server.`;
  }
  return `NATS at ${where} asks for credentials. Set ${accessVariables.nkeyFile} to the file with the nkey seed of your user.`;
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && !causes.includes(at); at = at.cause) causes.push(at);
  return causes;
}

const tlsCodes = /^(ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_)/;

function isTlsError(error: unknown): boolean {
  return (
    error instanceof Error &&
    (("code" in error && typeof error.code === "string" && tlsCodes.test(error.code)) ||
      /certificate|\btls\b/i.test(error.message))
  );
}
