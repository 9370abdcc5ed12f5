import {
  accountOfParty,
  incomingDefinitions,
  type OutsideParty,
  outgoingDefinitions,
  outgoingDurableOf,
  outgoingStream,
  subjectsForParty,
} from "../outside.ts";
import { services } from "../services.ts";
import { consumeSubjects, inOutsideDomain } from "./broker-subjects.ts";
import {
  type BrokerUser,
  operatorUser,
  outsideUser,
  provisionerUser,
  serviceUser,
  systemUser,
} from "./broker-users.ts";

/** What one account lets others use: requests that it answers, or messages that it passes on. */
interface BrokerExport {
  readonly kind: "service" | "stream";
  readonly subject: string;
  /** Who may import it. */
  readonly accounts: readonly string[];
  /** One request is answered by several messages. */
  readonly streamed?: boolean;
}

interface BrokerImport {
  readonly kind: "service" | "stream";
  readonly subject: string;
  readonly from: string;
  /** The subject under which it is used here; the same where it is left out. */
  readonly as?: string;
}

/** A closed space of subjects at the broker: nothing crosses its border but what is exported and imported. */
export interface BrokerAccount {
  readonly name: string;
  readonly jetstream: boolean;
  readonly users: readonly BrokerUser[];
  readonly exports: readonly BrokerExport[];
  readonly imports: readonly BrokerImport[];
}

export const systemAccount = "SYS";
const coreAccount = "CORE";

/** Every account of the broker. */
export function brokerAccounts(parties: readonly OutsideParty[]): readonly BrokerAccount[] {
  return [
    { name: systemAccount, jetstream: false, users: [systemUser], exports: [], imports: [] },
    {
      name: coreAccount,
      jetstream: true,
      users: [...services.map(serviceUser), operatorUser, provisionerUser],
      exports: parties.length === 0 ? [] : exportsFor(parties),
      imports: [],
    },
    ...parties.map((party) => ({
      name: accountOfParty(party),
      jetstream: false,
      users: [outsideUser(party)],
      exports: [],
      imports: importsOf(party),
    })),
  ];
}

function exportsFor(parties: readonly OutsideParty[]): readonly BrokerExport[] {
  const everybody = parties.map(accountOfParty);
  return [
    ...incomingDefinitions.map(
      ({ type }): BrokerExport => ({ kind: "service", subject: `${type}.*`, accounts: everybody }),
    ),
    ...outgoingDefinitions.map(
      ({ type }): BrokerExport => ({ kind: "stream", subject: `${type}.*`, accounts: everybody }),
    ),
    ...parties.flatMap((party) =>
      consumeSubjectsOf(party).map(
        (subject): BrokerExport => ({
          kind: "service",
          subject,
          accounts: [accountOfParty(party)],
          streamed: subject.startsWith("$JS.API.CONSUMER.MSG.NEXT."),
        }),
      ),
    ),
  ];
}

function importsOf(party: OutsideParty): readonly BrokerImport[] {
  const imported = (kind: BrokerImport["kind"]) => (subject: string) => {
    const as = inOutsideDomain(subject);
    return { kind, subject, from: coreAccount, ...(as === subject ? {} : { as }) };
  };
  return [
    ...subjectsForParty(party, incomingDefinitions).map(imported("service")),
    ...consumeSubjectsOf(party).map(imported("service")),
    ...subjectsForParty(party, outgoingDefinitions).map(imported("stream")),
  ];
}

function consumeSubjectsOf(party: OutsideParty): readonly string[] {
  return consumeSubjects(outgoingStream.name, outgoingDurableOf(party).name);
}
