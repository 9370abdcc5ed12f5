import { JetStreamApiError } from "@nats-io/jetstream";

/** Whether JetStream has answered with this error, one of `JetStreamApiCodes`. */
export function hasApiCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
