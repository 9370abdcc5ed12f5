import { type ServiceName, services } from "@cascade/contracts";
import { MessagingSettings } from "@cascade/messaging";
import { type AnyService, messagingVariable, readConfig } from "@cascade/service-kit";
import type { HostileInput } from "../hostile-input.ts";
import { importService } from "../import-service.ts";

export interface SettingInput {
  readonly service: ServiceName;
  readonly variable: string;
  /** Undefined where it is missing. */
  readonly value: string | undefined;
}

/** The variable that the refusal to start names; `taken` where a value is only strange. */
export type HostileSetting = HostileInput<SettingInput, "refused" | "taken">;

/** What every service needs, and nothing is wrong with. */
export const goodEnvironment: Readonly<Record<string, string>> = {
  CASCADE_NATS_URL: "nats://127.0.0.1:4222",
  CASCADE_POSTGRES_URL: "postgres://127.0.0.1/cascade",
  CASCADE_ARTIFACTS_URL: "file:///var/cascade/artifacts",
};

// Each means something to some reader of numbers.
const noNumbers = [
  "NaN",
  "Infinity",
  "-1",
  "12abc",
  "1e999",
  "1_000",
  "１２",
  "true",
  "1\n",
  "7\r\nX=1",
  "[1]",
  "0x",
];

const kitNumbers = [
  "CASCADE_HTTP_PORT",
  "CASCADE_HTTP_BODY_BYTES_MAX",
  "CASCADE_HTTP_JSON_DEPTH_MAX",
  "CASCADE_HTTP_CONNECTIONS_MAX",
  "CASCADE_HTTP_REQUEST_TIMEOUT_MS",
  "CASCADE_POSTGRES_POOL_SIZE",
  "CASCADE_STOP_TIMEOUT_MS",
];

/** The numbers among a service's own settings, found by what they are where nothing is said. */
function numbersOf(service: AnyService): string[] {
  const config: Readonly<Record<string, unknown>> = readConfig(
    service.name,
    service.settings,
    goodEnvironment,
  );
  return Object.entries<{ readonly variable: string }>(service.settings).flatMap(([key, { variable }]) =>
    typeof config[key] === "number" ? [variable] : [],
  );
}

const own = await Promise.all(
  services.map(async (name) =>
    numbersOf(await importService(name)).map((variable) => ({ service: name, variable })),
  ),
);
const numbers = [
  ...kitNumbers.map((variable) => ({ service: "registry" as const, variable })),
  ...Object.keys(MessagingSettings.shape).map((key) => ({
    service: "registry" as const,
    variable: messagingVariable(key),
  })),
  ...own.flat(),
];

/** Every number that can be set, each with another of the values that are none. */
const wrongNumbers = numbers.map(({ service, variable }, index): HostileSetting => {
  const value = noNumbers[index % noNumbers.length];
  return {
    name: `${service}: ${variable}=${JSON.stringify(value)}`,
    row: 53,
    wanted: "refused",
    input: { service, variable, value },
  };
});

const others: readonly [ServiceName, string, string | undefined, HostileSetting["wanted"]][] = [
  ["registry", "CASCADE_NATS_URL", undefined, "refused"],
  ["registry", "CASCADE_NATS_URL", "", "refused"],
  ["registry", "CASCADE_NATS_URL", "nats://broker:4222\n", "refused"],
  ["registry", "CASCADE_NATS_URL", "nats://broker:4222\r\nSUB > 1", "refused"],
  ["registry", "CASCADE_POSTGRES_URL", undefined, "refused"],
  ["registry", "CASCADE_POSTGRES_URL", "http://127.0.0.1/cascade", "refused"],
  ["registry", "CASCADE_POSTGRES_URL", "postgres:/127.0.0.1/cascade", "refused"],
  ["registry", "CASCADE_POSTGRES_URL", " postgres://127.0.0.1/cascade", "refused"],
  ["registry", "CASCADE_POSTGRES_URL", "postgres://127.0.0.1/cascade\n", "refused"],
  ["registry", "CASCADE_POSTGRES_URL", "postgres://127.0.0.1/cas\u001b[2Jcade", "refused"],
  ["registry", "CASCADE_HTTP_HOST", "127.0.0.1\n", "refused"],
  ["registry", "CASCADE_HTTP_PORT", "65536", "refused"],
  ["registry", "CASCADE_HTTP_PORT", "80.5", "refused"],
  ["registry", "CASCADE_HTTP_PORT", "http", "refused"],
  ["registry", "CASCADE_REPLICA", "r".repeat(129), "refused"],
  ["registry", "CASCADE_REPLICA", "a\nCASCADE_LOG_LEVEL=silent", "refused"],
  ["registry", "CASCADE_LOG_LEVEL", "verbose", "refused"],
  ["registry", "CASCADE_LOG_LEVEL", "INFO", "refused"],
  ["registry", "CASCADE_LOG_LEVEL", "__proto__", "refused"],
  ["registry", "CASCADE_LOG_LEVEL", "info ", "refused"],
  ["registry", "CASCADE_LOG_FILE", "/var/log/a\u007f.log", "refused"],
  ["registry", "CASCADE_PAGE_SIZE_MAX", "0", "refused"],
  ["registry", "CASCADE_PAGE_SIZE_MAX", "10001", "refused"],
  ["registry", "CASCADE_REPLICAS", "6", "refused"],
  ["ingestion", "CASCADE_ARTIFACTS_URL", undefined, "refused"],
  ["ingestion", "CASCADE_ARTIFACTS_URL", "file:///var/a\n", "refused"],
  ["ingestion", "CASCADE_INGEST_ROOTS", "data", "refused"],
  ["ingestion", "CASCADE_INGEST_ROOTS", "/data:../secret", "refused"],
  ["ingestion", "CASCADE_INGEST_ROOTS", "/data\n/", "refused"],
  ["ingestion", "CASCADE_INGEST_ALLOW_PRIVATE_HOSTS", "yes", "refused"],
  ["ingestion", "CASCADE_INGEST_ALLOW_PRIVATE_HOSTS", "1", "refused"],
  ["ingestion", "CASCADE_INGEST_ALLOW_PRIVATE_HOSTS", "false ", "refused"],
  ["ingestion", "CASCADE_INGEST_COLUMNS_MAX", "2001", "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", "LANG=C", "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", "[]", "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", "null", "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{"A": 1}', "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{"A=B": "c"}', "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{"A\\u0000": "c"}', "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{"A": "b\\u0000c"}', "refused"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{"LD_PRELOAD": "/tmp/x.so"}', "taken"],
  ["training", "CASCADE_TRAINER_ENVIRONMENT", '{\n  "LANG": "C.UTF-8"\n}', "taken"],
  ["training", "TZ", "Europe/Oslo\n", "refused"],
  ["registry", "CASCADE_PAGE_SIZE_MAX", "1e3", "taken"],
  ["registry", "CASCADE_PAGE_SIZE_MAX", "", "taken"],
  ["registry", "CASCADE_REPLICA", "реплика *.>", "taken"],
];

export const hostileSettings: readonly HostileSetting[] = [
  ...wrongNumbers,
  ...others.map(
    ([service, variable, value, wanted]): HostileSetting => ({
      name: `${service}: ${variable} ${value === undefined ? "is missing" : `as ${JSON.stringify(value.slice(0, 60))}`}`,
      row: 53,
      wanted,
      input: { service, variable, value },
    }),
  ),
];
