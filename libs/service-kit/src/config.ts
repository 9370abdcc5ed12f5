import { z } from "zod";

/** One setting: the environment variable it is read from, and what it must look like. */
export interface Setting<Value> {
  readonly variable: string;
  readonly schema: z.ZodType<Value>;
  /** Whether line breaks may be in it, as in JSON that is laid out for people. */
  readonly multiline?: boolean;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

export type ConfigOf<Declared extends Settings> = {
  readonly [Key in keyof Declared]: Declared[Key] extends Setting<infer Value> ? Value : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

export function setting<Value>(
  variable: string,
  schema: z.ZodType<Value>,
  options: Pick<Setting<Value>, "multiline"> = {},
): Setting<Value> {
  return { variable, schema, ...options };
}

/** A number read from text, for settings such as ports and limits. */
export const numberSetting = (schema: z.ZodType<number, number>) =>
  z
    .string()
    .transform((text, context) => {
      const value = Number(text);
      if (text.trim() !== "" && Number.isFinite(value)) return value;
      context.addIssue({ code: "custom", message: `"${text}" is no number` });
      return z.NEVER;
    })
    .pipe(schema);

export class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";
  readonly problems: readonly string[];

  constructor(service: string, problems: readonly string[]) {
    super(`The configuration of ${service} has ${problems.length} problem(s):\n- ${problems.join("\n- ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads all settings at once; throws a ConfigError that lists every problem, not only the first. */
export function readConfig<Declared extends Settings>(
  service: string,
  settings: Declared,
  environment: Environment,
): ConfigOf<Declared> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, { variable, schema, multiline = false }] of Object.entries(settings)) {
    const text = environment[variable];
    const oddity = oddityOf(text, multiline);
    if (oddity !== undefined) {
      problems.push(`${variable}: ${oddity}`);
      continue;
    }
    const result = schema.safeParse(text === "" ? undefined : text);
    if (result.success) {
      config[key] = result.data;
      continue;
    }
    const reasons = result.error.issues.map((issue) => issue.message).join("; ");
    problems.push(
      text === undefined || text === "" ? `${variable} is not set: ${reasons}` : `${variable}: ${reasons}`,
    );
  }
  if (problems.length > 0) throw new ConfigError(service, problems);
  return config as ConfigOf<Declared>;
}

/** A line break at the end of a mounted secret would otherwise show itself much later, as a host that nobody knows. */
export function oddityOf(text: string | undefined, multiline = false): string | undefined {
  if (text === undefined || !(multiline ? /[^\P{Cc}\t\n\r]/u : /\p{Cc}/u).test(text)) return undefined;
  return "has a line break or another control character; remove it";
}
