import { eventDefinitions } from "../catalogue.ts";
import type { AnyEventDefinition } from "../event-definition.ts";
import { onlineRowsPrefix, onlineRowsStream } from "../online-rows.ts";
import {
  incomingDefinitions,
  type OutsideParty,
  outgoingDefinitions,
  outgoingDurableOf,
  outgoingStream,
  subjectsForParty,
} from "../outside.ts";
import { durablesOf, watchesOf } from "../reactions.ts";
import type { Owner, ServiceName } from "../services.ts";
import { streamsFor } from "../streams.ts";
import { filterSubjectOf, streamOf } from "../subjects.ts";
import {
  consumeSubjects,
  inboxPrefixOf,
  inOutsideDomain,
  keepSubjects,
  readAlongSubjects,
  readRowSubjects,
  writeRowSubjects,
} from "./broker-subjects.ts";

/** Who may connect to the broker, and all that he may do there: what is not listed is refused. */
export interface BrokerUser {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Where jobs tell their progress, over core NATS. */
const progressSubjects = "cascade-progress.*";

/** Streams that belong to no service: whoever uses one may make it again where the broker has lost it. */
const sharedOwners: readonly Owner[] = ["outside", "operator", "runtime"];

export function serviceUser(service: ServiceName): BrokerUser {
  const own = ownedBy(service, "runtime");
  const durables = durablesOf(service);
  const watched = watchesOf[service] ?? [];
  const ownStreams = streamsOf(own);
  const readStreams = unique(durables.map(({ stream }) => stream));
  const sharedStreams = streamsOf(eventDefinitions.filter(({ owner }) => sharedOwners.includes(owner)));
  const remade = unique([...ownStreams, ...readStreams.filter((stream) => sharedStreams.includes(stream))]);
  return {
    name: service,
    publish: unique([
      ...own.map(({ type }) => `${type}.*`),
      progressSubjects,
      ...unique([...ownStreams, ...readStreams]).map((stream) => `$JS.API.STREAM.INFO.${stream}`),
      ...remade.map((stream) => `$JS.API.STREAM.CREATE.${stream}`),
      // Whether the broker still has what it has acknowledged, and what has been handled of it.
      ...unique([...ownStreams, ...readStreams]).map((stream) => `$JS.API.STREAM.MSG.GET.${stream}`),
      ...durables.flatMap((durable) => [
        ...consumeSubjects(durable.stream, durable.name),
        ...keepSubjects(durable),
      ]),
      ...watched.flatMap((event) => readAlongSubjects(streamOf(event), filterSubjectOf(event))),
      ...onlineRowRights(service),
    ]),
    subscribe: [`${inboxPrefixOf(service)}.>`],
  };
}

/** Features writes the online rows, serving reads them, and nobody else has anything to do with them. */
function onlineRowRights(service: ServiceName): readonly string[] {
  if (service === "features") return writeRowSubjects(onlineRowsStream.name, onlineRowsPrefix);
  return service === "serving" ? readRowSubjects(onlineRowsStream.name, onlineRowsPrefix) : [];
}

/** People, through the command line: their own requests, what an outside system would say, and reading along. */
export const operatorUser: BrokerUser = {
  name: "operator",
  publish: unique([
    ...ownedBy("operator", "outside").map(({ type }) => `${type}.*`),
    ...streamsOf(eventDefinitions).flatMap((stream) => readAlongSubjects(stream, ">")),
  ]),
  subscribe: [
    `${inboxPrefixOf("operator")}.>`,
    progressSubjects,
    ...eventDefinitions.map(({ type }) => `${type}.*`),
  ],
};

/** Makes streams and the durables of outsiders at a start, lists what there is, and removes what nobody uses. */
export const provisionerUser: BrokerUser = {
  name: "provisioner",
  publish: [
    "$JS.API.INFO",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.LIST",
    "$JS.API.STREAM.INFO.*",
    "$JS.API.STREAM.CREATE.*",
    "$JS.API.STREAM.UPDATE.*",
    "$JS.API.CONSUMER.NAMES.*",
    "$JS.API.CONSUMER.LIST.*",
    "$JS.API.CONSUMER.INFO.*.*",
    "$JS.API.CONSUMER.DELETE.*.*",
    `$JS.API.CONSUMER.DURABLE.CREATE.${outgoingStream.name}.*`,
  ],
  subscribe: [`${inboxPrefixOf("provisioner")}.>`],
};

/** Watches and steers the server itself, and sees no event. */
export const systemUser: BrokerUser = {
  name: "system",
  publish: ["$SYS.REQ.>"],
  subscribe: ["$SYS.>", `${inboxPrefixOf("system")}.>`],
};

/** An outside party, in an account of its own: so its inboxes may have the name that every client gives them. */
export function outsideUser(party: OutsideParty): BrokerUser {
  return {
    name: party.name,
    publish: [
      ...subjectsForParty(party, incomingDefinitions),
      ...consumeSubjects(outgoingStream.name, outgoingDurableOf(party).name).map(inOutsideDomain),
    ],
    subscribe: [...subjectsForParty(party, outgoingDefinitions), "_INBOX.>"],
  };
}

function ownedBy(...owners: readonly Owner[]): readonly AnyEventDefinition[] {
  return eventDefinitions.filter(({ owner }) => owners.includes(owner));
}

function streamsOf(definitions: readonly AnyEventDefinition[]): readonly string[] {
  return streamsFor(definitions).map(({ name }) => name);
}

function unique(subjects: readonly string[]): readonly string[] {
  return [...new Set(subjects)];
}
