import { describeError } from "@cascade/messaging";
import { redactor, secretsIn } from "./redact.ts";
import type { AnyService } from "./service.ts";
import { startService } from "./start-service.ts";
import { startTelemetry } from "./telemetry.ts";

/**
 * Runs a service as a process of its own: stops gracefully on SIGTERM and SIGINT, and ends with 1 where it
 * cannot start, cannot go on, or does not stop in time.
 */
export async function runMain(service: AnyService): Promise<void> {
  const environment = process.env;
  const telemetry = await startTelemetry(`cascade-${service.name}`, environment);
  const redact = redactor(secretsIn(environment));
  const fail = (error: unknown) => {
    process.stderr.write(redact(`${service.name}: ${describeError(error).message}\n`));
    process.exit(1);
  };
  try {
    const running = await startService(service, { environment, onFatal: fail });
    const stop = (signal: NodeJS.Signals) => {
      const timeoutMs = Number(environment.CASCADE_STOP_TIMEOUT_MS ?? 20_000);
      setTimeout(
        () => fail(new Error(`did not stop within ${timeoutMs} ms after ${signal}`)),
        timeoutMs,
      ).unref();
      running
        .stop()
        .then(() => telemetry.stop())
        .then(() => process.exit(0), fail);
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    // A parent that started us over IPC learns the address, and its end is ours.
    process.send?.({ ready: true, name: running.name, replica: running.replica, url: running.url });
    if (process.connected) process.once("disconnect", () => stop("SIGTERM"));
  } catch (error) {
    fail(error);
  }
}
