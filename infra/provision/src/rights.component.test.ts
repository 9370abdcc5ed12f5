import {
  type AnyEventDefinition,
  durablesOf,
  eventDefinitions,
  incomingDefinitions,
  outgoingDefinitions,
  outgoingStream,
  outsideDomain,
  type ServiceName,
  services,
  streamOf,
  streamsFor,
} from "@cascade/contracts";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrokerForTest, brokerForTest } from "./testing/broker-for-test.ts";
import { refusedToPublish, refusedToSubscribe } from "./testing/probe-rights.ts";

/**
 * What each user may do, said a second time in words of its own and tried on a real server: each probe is one
 * verb on one thing, and `may` is the expectation. The lists of subjects in the contracts are not looked at.
 */
interface Probe {
  readonly verb: "publish" | "subscribe";
  readonly subject: string;
  readonly may: (user: User) => boolean;
}

type User =
  | { readonly kind: "service"; readonly name: ServiceName }
  | { readonly kind: "operator" | "provisioner" | "system"; readonly name: string }
  | { readonly kind: "party"; readonly name: string; readonly pipelines?: readonly string[] };

const parties = [{ name: "acme" }, { name: "globex", pipelines: ["flight-delays"] }];
const users: readonly User[] = [
  ...services.map((name): User => ({ kind: "service", name })),
  { kind: "operator", name: "operator" },
  { kind: "provisioner", name: "provisioner" },
  { kind: "system", name: "system" },
  ...parties.map((party): User => ({ kind: "party", ...party })),
];

let broker: BrokerForTest;
beforeAll(async () => {
  broker = await brokerForTest(parties);
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
});

const nobody = () => false;
const is = (kind: User["kind"], name?: string) => (user: User) =>
  user.kind === kind && (name === undefined || user.name === name);
const anyOf =
  (...rules: readonly ((user: User) => boolean)[]) =>
  (user: User) =>
    rules.some((rule) => rule(user));
const pipelines = ["flight-delays", "taxi-tips"];

function partyOf(pipeline: string, definitions: readonly AnyEventDefinition[], one: AnyEventDefinition) {
  return (user: User) =>
    user.kind === "party" &&
    definitions.includes(one) &&
    (user.pipelines === undefined || user.pipelines.includes(pipeline));
}

/** Saying that something has happened: whoever it happens to, and the command line for people and outsiders. */
function publishing(): Probe[] {
  return eventDefinitions.flatMap((event) =>
    pipelines.map(
      (pipeline): Probe => ({
        verb: "publish",
        subject: `${event.type}.${pipeline}`,
        may: anyOf(
          (user) => user.kind === "service" && (event.owner === user.name || event.owner === "runtime"),
          (user) => user.kind === "operator" && (event.owner === "operator" || event.owner === "outside"),
          partyOf(pipeline, incomingDefinitions, event),
        ),
      }),
    ),
  );
}

/** Listening to events as they pass: outsiders to those that are meant for them, people to all, no service to any. */
function listening(): Probe[] {
  const events = eventDefinitions.flatMap((event) =>
    pipelines.map(
      (pipeline): Probe => ({
        verb: "subscribe",
        subject: `${event.type}.${pipeline}`,
        may: anyOf(is("operator"), partyOf(pipeline, outgoingDefinitions, event)),
      }),
    ),
  );
  const all = [
    ">",
    "*",
    "*.>",
    "cascade.>",
    "cascade.*.*.*.*",
    "$JS.>",
    "$JS.ACK.>",
    "$JS.API.>",
    "_INBOX*.>",
  ];
  const inboxes = users
    .filter(({ kind }) => kind !== "party")
    .map(
      ({ kind, name }): Probe => ({
        verb: "subscribe",
        subject: `_INBOX_${name}.probe.1`,
        may: is(kind, name),
      }),
    );
  return [
    ...events,
    ...inboxes,
    ...all.map((subject): Probe => ({ verb: "subscribe", subject, may: nobody })),
    { verb: "subscribe", subject: "_INBOX.probe", may: is("party") },
    { verb: "subscribe", subject: "$SYS.ACCOUNT.CORE.CONNECT", may: is("system") },
    { verb: "subscribe", subject: "cascade-progress.*", may: is("operator") },
  ];
}

const streams = streamsFor(eventDefinitions);
const owned = (stream: string) =>
  new Set(eventDefinitions.filter((event) => streamOf(event) === stream).map(({ owner }) => owner));
const reads = (service: ServiceName, stream: string) =>
  durablesOf(service).some((durable) => durable.stream === stream) ||
  (service === "serving" && stream === "CASCADE_DEPLOYMENT");

function streamVerbs(): Probe[] {
  return [...streams.map(({ name }) => name), outgoingStream.name].flatMap((stream) => {
    const owners = owned(stream);
    const isOut = stream === outgoingStream.name;
    const owns = (user: User) =>
      user.kind === "service" && !isOut && (owners.has(user.name) || owners.has("runtime"));
    const shares = (user: User) =>
      user.kind === "service" &&
      (owners.has("outside") || owners.has("operator")) &&
      reads(user.name, stream);
    const uses = (user: User) => user.kind === "service" && reads(user.name, stream);
    const consumes = (user: User) =>
      user.kind === "service" && durablesOf(user.name).some((durable) => durable.stream === stream);
    const operator = (user: User) => user.kind === "operator" && !isOut;
    const verb = (name: string, may: Probe["may"]): Probe => ({
      verb: "publish",
      subject: `$JS.API.${name}.${stream}`,
      may,
    });
    return [
      verb("STREAM.INFO", anyOf(owns, uses, operator, is("provisioner"))),
      verb("STREAM.CREATE", anyOf(owns, shares, is("provisioner"))),
      verb("STREAM.UPDATE", is("provisioner")),
      verb("STREAM.MSG.GET", anyOf(owns, consumes)),
      ...["STREAM.DELETE", "STREAM.PURGE", "STREAM.MSG.DELETE", "STREAM.SNAPSHOT", "STREAM.RESTORE"].map(
        (name) => verb(name, nobody),
      ),
      ...["STREAM.LEADER.STEPDOWN", "STREAM.PEER.REMOVE", "DIRECT.GET", "CONSUMER.CREATE"].map((name) =>
        verb(name, nobody),
      ),
      ...["CONSUMER.LIST", "CONSUMER.NAMES"].map((name) => verb(name, is("provisioner"))),
    ];
  });
}

interface Place {
  readonly stream: string;
  readonly durable: string;
  readonly filter: string;
  /** May read it as its own. */
  readonly mine: (user: User) => boolean;
}

function durables(): Place[] {
  return [
    ...services.flatMap((service) =>
      durablesOf(service).map(({ name, stream, filterSubject }) => ({
        stream,
        durable: name,
        filter: filterSubject,
        mine: is("service", service),
      })),
    ),
    ...parties.map(({ name }) => ({
      stream: outgoingStream.name,
      durable: name,
      filter: "cascade.model-version.promoted.v1.*",
      mine: is("party", name),
    })),
  ];
}

/** Reading and keeping a durable: its owner. Those who read along in the same stream may ask for any name there. */
function durableVerbs(): Probe[] {
  return durables().flatMap(({ stream, durable, filter, mine }) => {
    const isOut = stream === outgoingStream.name;
    const along = anyOf(
      (user) => user.kind === "operator" && !isOut,
      (user) => user.name === "serving" && stream === "CASCADE_DEPLOYMENT",
    );
    const onOut = (user: User) => user.kind === "provisioner" && isOut;
    const party = (user: User) => user.kind === "party" && mine(user);
    const service = (user: User) => user.kind === "service" && mine(user);
    const at = `${stream}.${durable}`;
    const publish = (subject: string, may: Probe["may"]): Probe => ({ verb: "publish", subject, may });
    return [
      publish(`$JS.API.CONSUMER.MSG.NEXT.${at}`, anyOf(service, along)),
      publish(`$JS.${outsideDomain}.API.CONSUMER.MSG.NEXT.${at}`, party),
      publish(`$JS.${outsideDomain}.API.CONSUMER.INFO.${at}`, party),
      publish(`$JS.${outsideDomain}.API.CONSUMER.DELETE.${at}`, nobody),
      publish(`$JS.API.CONSUMER.INFO.${at}`, anyOf(service, along, is("provisioner"))),
      publish(`$JS.ACK.${at}.1.1.1.1.0`, mine),
      publish(`$JS.ACK._.hash.${at}.1.1.1.1.0`, mine),
      publish(
        `$JS.API.CONSUMER.CREATE.${at}.${filter}`,
        anyOf(service, (user) => user.kind === "operator" && !isOut),
      ),
      publish(`$JS.API.CONSUMER.CREATE.${at}`, nobody),
      publish(
        `$JS.API.CONSUMER.CREATE.${at}.cascade.dataset.unchanged.*.*`,
        (user) => user.kind === "operator" && !isOut,
      ),
      publish(`$JS.API.CONSUMER.DURABLE.CREATE.${at}`, onOut),
      publish(`$JS.API.CONSUMER.RESET.${at}`, service),
      publish(`$JS.API.CONSUMER.DELETE.${at}`, anyOf(service, is("provisioner"))),
      publish(`$JS.API.CONSUMER.PAUSE.${at}`, nobody),
      publish(`$JS.API.CONSUMER.UNPIN.${at}`, nobody),
      publish(`$JS.API.CONSUMER.LEADER.STEPDOWN.${at}`, nobody),
    ];
  });
}

/** What has no owner, and what would be a way around. */
function remainder(): Probe[] {
  const publish = (subject: string, may: Probe["may"] = nobody): Probe => ({
    verb: "publish",
    subject,
    may,
  });
  return [
    publish("$JS.API.INFO", is("provisioner")),
    publish("$JS.API.STREAM.NAMES", is("provisioner")),
    publish("$JS.API.STREAM.LIST", is("provisioner")),
    publish("$JS.API.STREAM.CREATE.CASCADE_FORGED", is("provisioner")),
    publish("$JS.API.ACCOUNT.PURGE.CORE"),
    publish("$JS.API.SERVER.REMOVE"),
    publish("$JS.FC.CASCADE_REGISTRY.any"),
    publish("$SYS.REQ.SERVER.PING", is("system")),
    publish("$SYS.REQ.ACCOUNT.CORE.CONNZ", is("system")),
    publish("cascade.model-version.promoted.v99.flight-delays"),
    publish("cascade.model-version.promoted.v1"),
    publish("cascade.model-version.promoted.v1.flight-delays.more"),
    publish("cascade-progress.flight-delays", is("service")),
    publish("$KV.cascade-features.flights.rides.0.any", is("service", "features")),
    publish(
      "$JS.API.DIRECT.GET.KV_cascade-features.$KV.cascade-features.any",
      anyOf(is("service", "features"), is("service", "serving")),
    ),
    publish("$JS.API.DIRECT.GET.KV_cascade-features"),
    publish("$JS.API.STREAM.PURGE.KV_cascade-features"),
    publish("$JS.API.STREAM.MSG.DELETE.KV_cascade-features"),
    publish("$JS.API.CONSUMER.CREATE.KV_cascade-features.any"),
    publish("anything"),
    ...users.map(({ name }) => publish(`_INBOX_${name}.probe`)),
    publish("_INBOX.probe"),
  ];
}

async function connectionOf(user: User): Promise<NatsConnection> {
  return user.kind === "party" ? await broker.connectParty(user.name) : await broker.connect(user.name);
}

test("every user may do what its work needs, and nothing else", async () => {
  const probes = [...publishing(), ...listening(), ...streamVerbs(), ...durableVerbs(), ...remainder()];
  const differences: string[] = [];
  let granted = 0;
  for (const user of users) {
    const connection = await connectionOf(user);
    const refused = {
      subscribe: await refusedToSubscribe(connection, subjectsOf(probes, "subscribe")),
      publish: await refusedToPublish(connection, subjectsOf(probes, "publish")),
    };
    for (const { verb, subject, may } of probes) {
      const isAllowed = !refused[verb].has(subject);
      if (isAllowed) granted += 1;
      if (isAllowed === may(user)) continue;
      differences.push(`${user.name} ${isAllowed ? "may" : "may not"} ${verb} ${subject}`);
    }
    await connection.close();
  }
  expect(differences).toEqual([]);
  // The probes reach what is allowed as well as what is not.
  expect(granted).toBeGreaterThan(500);
  expect(probes.length * users.length).toBeGreaterThan(10_000);
});

function subjectsOf(probes: readonly Probe[], verb: Probe["verb"]): readonly string[] {
  return probes.filter((probe) => probe.verb === verb).map(({ subject }) => subject);
}
