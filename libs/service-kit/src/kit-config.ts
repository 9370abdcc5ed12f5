import { MessagingSettings } from "@cascade/messaging";
import { z } from "zod";
import { ConfigError, type Environment, numberSetting, oddityOf, readConfig, setting } from "./config.ts";

const port = numberSetting(z.int().min(0).max(65_535));

/** The settings that every service has. */
const kitSettings = {
  natsUrl: setting("CASCADE_NATS_URL", z.string().min(1)),
  postgresUrl: setting(
    "CASCADE_POSTGRES_URL",
    z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL"),
  ),
  postgresPoolSize: setting("CASCADE_POSTGRES_POOL_SIZE", numberSetting(z.int().positive()).default(10)),
  replica: setting("CASCADE_REPLICA", z.string().min(1).max(128).optional()),
  httpHost: setting("CASCADE_HTTP_HOST", z.string().min(1).default("127.0.0.1")),
  httpPort: setting("CASCADE_HTTP_PORT", port.default(0)),
  httpBodyBytesMax: setting(
    "CASCADE_HTTP_BODY_BYTES_MAX",
    numberSetting(z.int().positive()).default(1024 * 1024),
  ),
  httpRequestTimeoutMs: setting(
    "CASCADE_HTTP_REQUEST_TIMEOUT_MS",
    numberSetting(z.int().positive()).default(30_000),
  ),
  httpJsonDepthMax: setting("CASCADE_HTTP_JSON_DEPTH_MAX", numberSetting(z.int().positive()).default(64)),
  httpConnectionsMax: setting(
    "CASCADE_HTTP_CONNECTIONS_MAX",
    numberSetting(z.int().positive()).default(5000),
  ),
  logLevel: setting(
    "CASCADE_LOG_LEVEL",
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  ),
  logFile: setting("CASCADE_LOG_FILE", z.string().min(1).optional()),
  stopTimeoutMs: setting("CASCADE_STOP_TIMEOUT_MS", numberSetting(z.int().positive()).default(20_000)),
};

export interface KitConfig extends ReturnType<typeof readKitSettings> {
  readonly messaging: MessagingSettings;
}

function readKitSettings(service: string, environment: Environment) {
  return readConfig(service, kitSettings, environment);
}

/** Reads the settings shared by all services, and those of the messaging runtime (`CASCADE_ACK_WAIT_MS` …). */
export function readKitConfig(service: string, environment: Environment): KitConfig {
  const overrides: Record<string, string> = {};
  const problems: string[] = [];
  for (const key of Object.keys(MessagingSettings.shape)) {
    const variable = messagingVariable(key);
    const text = environment[variable];
    const oddity = oddityOf(text);
    if (oddity !== undefined) problems.push(`${variable}: ${oddity}`);
    else if (text !== undefined && text !== "") overrides[key] = text;
  }
  const messaging = MessagingSettings.safeParse(overrides);
  problems.push(
    ...(messaging.error?.issues ?? []).map(
      (issue) => `${messagingVariable(String(issue.path[0]))}: ${issue.message}`,
    ),
  );
  try {
    const config = readKitSettings(service, environment);
    if (messaging.success && problems.length === 0) return { ...config, messaging: messaging.data };
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(service, [...error.problems, ...problems]);
    throw error;
  }
  throw new ConfigError(service, problems);
}

/** The environment variable of a runtime setting: `ackWaitMs` is `CASCADE_ACK_WAIT_MS`. */
export function messagingVariable(key: string): string {
  return `CASCADE_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
