import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultParties, type OutsideParty, type ServiceName, services } from "@cascade/contracts";
import {
  findNatsServer,
  type RunningNats,
  type RunningPostgres,
  startNats,
  startPostgres,
} from "@cascade/local";
import type { BrokerAccess } from "@cascade/messaging";
import { prepareSchema } from "@cascade/postgres";
import { adoptOpenStore, brokerConfig, inFolder, openCredentials, provisionBroker } from "@cascade/provision";
import { type Environment, startTelemetry } from "@cascade/service-kit";
import type { Ports } from "./ports.ts";
import { openSecrets, passwordOf } from "./secrets.ts";
import { type HostedService, hostAsProcess, hostInProcess } from "./service-host.ts";
import { removeStackFile, writeStackFile } from "./stack-file.ts";

export interface StackOptions {
  /** Everything the stack keeps: broker, database, artifacts, logs. */
  readonly directory: string;
  readonly ports: Ports;
  /** A process per service and replica instead of one for all. */
  readonly processes?: boolean;
  /** Replicas per service, 1 where left out; more than one needs a process each. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Systems of others that may connect to NATS; one named `partner` where left out. */
  readonly parties?: readonly OutsideParty[];
  /** Further settings of the services. */
  readonly environment?: Environment;
  /** Survive a power failure; tests turn it off. */
  readonly durable?: boolean;
  /** What the broker may store; by default what the disk has room for. */
  readonly natsStoreBytesMax?: number;
  /** The way of a replica to a server, where it is not to be the straight one. */
  route?(replica: string, server: "nats" | "postgres", url: string): Promise<string>;
  onProgress?(message: string): void;
  /** Told when something that should be running has ended by itself. */
  onExit?(what: string, reason: string): void;
}

export interface Stack {
  readonly natsUrl: string;
  /** How to connect to NATS as one of its users: a service, `operator`, `provisioner` or `system`. */
  accessAs(user: string): BrokerAccess;
  /** The file with the key of an outside party. */
  keyFileOfParty(name: string): string;
  readonly directory: string;
  /** As an administrator, for tests and tools that look into the tables. */
  readonly postgresAdminUrl: string;
  /** The servers themselves, for tests that break them. */
  readonly nats: RunningNats;
  readonly postgres: RunningPostgres;
  services(): readonly HostedService[];
  /** Where a service answers over HTTP: its first replica. */
  urlOf(name: ServiceName): string;
  /** Starts one more replica of a service. */
  add(name: ServiceName): Promise<HostedService>;
  /** Starts a replica again that has ended: the same name and configuration, and further settings for this once. */
  startAgain(replica: string, environment?: Environment): Promise<HostedService>;
  stop(): Promise<void>;
}

/** Starts a real NATS server, a real Postgres and every service. What was started is stopped again on failure. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = resolve(options.directory);
  const progress = options.onProgress ?? (() => {});
  const onExit = options.onExit ?? (() => {});
  await mkdir(join(directory, "logs"), { recursive: true });
  await using started = new AsyncDisposableStack();
  const secrets = await openSecrets(directory);
  const parties = options.parties ?? defaultParties;
  const credentials = await openCredentials({ parties, fileOf: inFolder(join(directory, "credentials")) });
  await adoptOpenStore(join(directory, "nats", "store"));

  progress("looking for the NATS server");
  const binary = await findNatsServer({ environment: process.env, onProgress: progress });
  progress(`starting NATS ${binary.version} and Postgres`);
  const [nats, postgres] = await settleBoth(
    startNats({
      directory: join(directory, "nats"),
      port: options.ports.nats,
      binary: binary.path,
      durable: options.durable ?? true,
      settings: brokerConfig(parties, credentials),
      probeSeed: (await readFile(credentials.fileOf("provisioner"), "utf8")).trim(),
      ...(options.natsStoreBytesMax === undefined ? {} : { storeBytesMax: options.natsStoreBytesMax }),
    }),
    startPostgres({
      directory: join(directory, "postgres"),
      port: options.ports.postgres,
      password: secrets.postgresPassword,
      durable: options.durable ?? true,
    }),
  );
  started.defer(() => postgres.stop());
  started.defer(() => nats.stop());
  const accessAs = (user: string): BrokerAccess => ({
    servers: nats.url,
    nkeyFile: credentials.fileOf(user),
  });
  await provisionBroker(accessAs("provisioner"), parties);

  const telemetry = options.processes === true ? undefined : await startTelemetry("cascade", process.env);
  if (telemetry !== undefined) started.defer(() => telemetry.stop());

  const artifactsUrl =
    options.environment?.CASCADE_ARTIFACTS_URL ?? pathToFileURL(join(directory, "artifacts")).href;
  const hosted: HostedService[] = [];
  const launches = new Map<string, (environment: Environment) => Promise<HostedService>>();
  const route = options.route ?? (async (_replica, _server, url) => url);
  const add = async (name: ServiceName, port = 0): Promise<HostedService> => {
    const ordinal = hosted.filter((service) => service.name === name).length + 1;
    const replica = `${name}-${ordinal}`;
    const postgresUrl = await prepareSchema({
      adminUrl: postgres.adminUrl,
      schema: name,
      role: `cascade_${name}`,
      password: passwordOf(secrets, `cascade_${name}`),
    });
    const environment = {
      ...settingsNamed(/^OTEL_/, process.env),
      ...(name === "ingestion" ? settingsNamed(/^CASCADE_(INGEST|S3)_/, process.env) : {}),
      ...(name === "training" ? settingsNamed(/^CASCADE_(RUNS|TRAINER|CANCELLATION)_/, process.env) : {}),
      CASCADE_NATS_URL: await route(replica, "nats", nats.url),
      CASCADE_NATS_NKEY_FILE: credentials.fileOf(name),
      CASCADE_POSTGRES_URL: await route(replica, "postgres", postgresUrl),
      CASCADE_ARTIFACTS_URL: artifactsUrl,
      CASCADE_WORK_DIRECTORY: join(directory, "work", replica),
      CASCADE_HTTP_PORT: String(port),
      CASCADE_LOG_FILE: join(directory, "logs", `${replica}.log`),
      CASCADE_REPLICA: replica,
      ...options.environment,
    };
    const host = options.processes === true ? hostAsProcess : hostInProcess;
    const launch = (further: Environment) =>
      host({
        name,
        environment: { ...environment, ...further },
        onExit: (reason) => onExit(replica, reason),
      });
    const service = await launch({});
    launches.set(replica, launch);
    hosted.push(service);
    return service;
  };
  const startAgain = async (replica: string, environment: Environment = {}): Promise<HostedService> => {
    const launch = launches.get(replica);
    if (launch === undefined) throw new Error(`there is no replica ${replica} in this stack`);
    const service = await launch(environment);
    hosted[hosted.findIndex((one) => one.replica === replica)] = service;
    return service;
  };
  started.defer(async () => {
    await Promise.all(hosted.map((service) => service.stop()));
  });

  progress("starting the services");
  const wanted = services.flatMap((name) =>
    Array.from({ length: options.replicas?.[name] ?? 1 }, (_, index) => ({
      name,
      port: index === 0 ? options.ports.services[name] : 0,
    })),
  );
  const firsts = wanted.filter(
    ({ name }, index) => wanted.findIndex((other) => other.name === name) === index,
  );
  await settleAll(firsts.map(({ name, port }) => add(name, port)));
  for (const { name, port } of wanted.filter((one) => !firsts.includes(one))) await add(name, port);

  const urls = () => Object.fromEntries(services.map((name) => [name, urlOf(name)]));
  const urlOf = (name: ServiceName): string => {
    const service = hosted.find((one) => one.name === name);
    if (service === undefined) throw new Error(`${name} is not running`);
    return service.url;
  };
  await writeStackFile(directory, {
    natsUrl: nats.url,
    operatorKeyFile: credentials.fileOf("operator"),
    services: urls(),
    artifactsUrl,
    pid: process.pid,
  });
  started.defer(() => removeStackFile(directory));
  const owned = started.move();

  return {
    natsUrl: nats.url,
    accessAs,
    keyFileOfParty: credentials.fileOfParty,
    directory,
    postgresAdminUrl: postgres.adminUrl,
    nats,
    postgres,
    services: () => hosted,
    urlOf,
    add: (name) => add(name),
    startAgain,
    stop: () => owned.disposeAsync(),
  };
}

function settingsNamed(pattern: RegExp, environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => pattern.test(name)));
}

/** Waits for all before it fails with the first error, so that nothing is left starting. */
async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

async function settleBoth<A extends { stop(): Promise<void> }, B extends { stop(): Promise<void> }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "fulfilled" && b.status === "fulfilled") return [a.value, b.value];
  if (a.status === "fulfilled") await a.value.stop();
  if (b.status === "fulfilled") await b.value.stop();
  throw a.status === "rejected" ? a.reason : (b as PromiseRejectedResult).reason;
}
