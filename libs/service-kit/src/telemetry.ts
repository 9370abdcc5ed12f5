import type { Environment } from "./config.ts";

export interface Telemetry {
  stop(): Promise<void>;
}

/**
 * Starts OpenTelemetry where the standard variables ask for it (`OTEL_EXPORTER_OTLP_ENDPOINT` and its kin).
 * Once per process, also where one process hosts all services. Loaded on demand: it doubles the start time.
 */
export async function startTelemetry(serviceName: string, environment: Environment): Promise<Telemetry> {
  const wanted =
    environment.OTEL_SDK_DISABLED !== "true" &&
    [
      environment.OTEL_EXPORTER_OTLP_ENDPOINT,
      environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
      environment.OTEL_TRACES_EXPORTER,
    ].some((value) => value !== undefined && value !== "" && value !== "none");
  if (!wanted) return { stop: async () => {} };
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sdk = new NodeSDK({ serviceName: environment.OTEL_SERVICE_NAME ?? serviceName });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
