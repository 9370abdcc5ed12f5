import { readFileSync } from "node:fs";
import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  type TlsOptions,
} from "@nats-io/transport-node";
import { describeError, MessagingError } from "../errors.ts";

/** Where the broker is and how to be let in. Secrets are named by their files and read when they are needed. */
export interface BrokerAccess {
  readonly servers: string | readonly string[];
  /** A file with the seed of an nkey. */
  readonly nkeyFile?: string | undefined;
  /** The seed itself, where no file can be had. */
  readonly nkeySeed?: string | undefined;
  /** A file with a JWT and the seed for it, of a broker that works with those. */
  readonly credsFile?: string | undefined;
  readonly tls?: BrokerTls | undefined;
}

export interface BrokerTls {
  /** The certificates that are trusted; those of the system where it is left out. */
  readonly caFile?: string | undefined;
  /** Our own certificate, where the broker asks for one. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** The settings of the environment that say how to be let in. */
export const accessVariables = {
  nkeyFile: "CASCADE_NATS_NKEY_FILE",
  nkeySeed: "CASCADE_NATS_NKEY",
  credsFile: "CASCADE_NATS_CREDS_FILE",
  caFile: "CASCADE_NATS_TLS_CA",
  certFile: "CASCADE_NATS_TLS_CERT",
  keyFile: "CASCADE_NATS_TLS_KEY",
} as const;

/** How to be let in, as the environment says it; whoever knows the address adds it. */
export function accessFrom(
  environment: Readonly<Record<string, string | undefined>>,
): Omit<BrokerAccess, "servers"> {
  const read = (name: keyof typeof accessVariables) => environment[accessVariables[name]] || undefined;
  const tls = { caFile: read("caFile"), certFile: read("certFile"), keyFile: read("keyFile") };
  return {
    nkeyFile: read("nkeyFile"),
    nkeySeed: read("nkeySeed"),
    credsFile: read("credsFile"),
    tls: Object.values(tls).some((file) => file !== undefined) ? tls : undefined,
  };
}

export function authenticatorOf(access: BrokerAccess): Authenticator | undefined {
  const given = [access.nkeyFile, access.nkeySeed, access.credsFile].filter((one) => one !== undefined);
  if (given.length > 1) {
    throw new MessagingError(
      "BROKER_CREDENTIALS_UNUSABLE",
      `Several credentials for NATS are set; set one of ${accessVariables.nkeyFile}, ${accessVariables.nkeySeed} and ${accessVariables.credsFile}.`,
    );
  }
  if (access.credsFile !== undefined) {
    return credsAuthenticator(readSecret(access.credsFile, accessVariables.credsFile));
  }
  if (access.nkeyFile !== undefined) {
    const text = new TextDecoder().decode(readSecret(access.nkeyFile, accessVariables.nkeyFile));
    return fromSeed(text, `the file ${access.nkeyFile}`);
  }
  return access.nkeySeed === undefined ? undefined : fromSeed(access.nkeySeed, accessVariables.nkeySeed);
}

/** A seed is checked here: the client would only notice when the server asks, and then say little. */
function fromSeed(text: string, place: string): Authenticator {
  const seed = text.trim();
  if (!/^SU[A-Z2-7]{56}$/.test(seed)) {
    throw new MessagingError(
      "BROKER_CREDENTIALS_UNUSABLE",
      `There is no nkey seed of a user in ${place}: it has 58 characters and begins with SU.`,
    );
  }
  return nkeyAuthenticator(new TextEncoder().encode(seed));
}

export function tlsOptionsOf(tls: BrokerTls): TlsOptions {
  const read = (file: string | undefined, variable: string) =>
    file === undefined ? undefined : new TextDecoder().decode(readSecret(file, variable));
  const ca = read(tls.caFile, accessVariables.caFile);
  const cert = read(tls.certFile, accessVariables.certFile);
  const key = read(tls.keyFile, accessVariables.keyFile);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function readSecret(path: string, variable: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MessagingError(
      "BROKER_CREDENTIALS_UNUSABLE",
      `${path} cannot be read: ${describeError(error).message}. ${variable} must name a file that this user can read.`,
      { cause: error },
    );
  }
}
