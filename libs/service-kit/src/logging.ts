import { isSpanContextValid, trace } from "@opentelemetry/api";
import pino from "pino";

export interface LoggingOptions {
  readonly service: string;
  readonly replica: string;
  readonly level: string;
  /** Standard output where it is left out. */
  readonly file?: string | undefined;
}

const redacted = [
  "password",
  "token",
  "secret",
  "authorization",
  "url",
  "*.password",
  "*.token",
  "*.secret",
  "*.authorization",
  "*.url",
  "req.headers.authorization",
  "req.headers.cookie",
];

/** JSON logs; every line inside a span carries its trace id, and fields that may hold a secret are cut out. */
export function createLogger({ service, replica, level, file }: LoggingOptions): pino.Logger {
  return pino(
    {
      level,
      base: { service, replica },
      redact: { paths: redacted, censor: "[redacted]" },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span !== undefined && isSpanContextValid(span)
          ? { traceId: span.traceId, spanId: span.spanId }
          : {};
      },
    },
    pino.destination({ dest: file ?? 1, sync: false, mkdir: true }),
  );
}
