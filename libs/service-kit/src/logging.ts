import { isSpanContextValid, trace } from "@opentelemetry/api";
import pino from "pino";

export interface LoggingOptions {
  readonly service: string;
  readonly replica: string;
  readonly level: string;
  /** Standard output where it is left out. */
  readonly file?: string | undefined;
  /** Takes secrets out of a line. */
  redact(line: string): string;
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

/**
 * JSON logs; every line inside a span carries its trace id. Fields that may hold a secret are cut out, and so are the
 * secrets that are known, wherever they stand: an error's message is written by others.
 */
export function createLogger({ service, replica, level, file, redact }: LoggingOptions): pino.Logger {
  return pino(
    {
      level,
      base: { service, replica },
      redact: { paths: redacted, censor: "[redacted]" },
      hooks: { streamWrite: redact },
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
