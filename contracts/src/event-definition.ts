import type { z } from "zod";
import type { Owner, ServiceName } from "./services.ts";

/** What a reaction returns to have an event published: the envelope is added by the runtime. */
export interface NewEvent<Definition extends AnyEventDefinition = AnyEventDefinition> {
  readonly definition: Definition;
  readonly pipeline: string;
  readonly data: unknown;
  /** Only for events that start a cascade of their own: the cascade that led here. */
  readonly linkedTo?: string;
}

/** The contract of one event type in one major version. */
export interface EventDefinition<Data> {
  readonly type: string;
  readonly entity: string;
  readonly predicate: string;
  readonly version: number;
  readonly owner: Owner;
  readonly summary: string;
  /** Services that react to it. `all` stands for the runtime inside every service. */
  readonly consumers: readonly ServiceName[] | "all";
  /** Why no service reacts to it; required where `consumers` is empty. */
  readonly terminal?: string;
  /** It roots a new cascade (own correlation id) instead of continuing the one that caused it. */
  readonly startsCascade: boolean;
  /** Published at a high rate into a stream of its own, bounded by age and size. */
  readonly volatile: boolean;
  readonly schema: z.ZodType<Data>;
  /** The golden sample: valid for this version for ever. */
  readonly example: Data;
  readonly previous?: Predecessor<Data>;
  create(pipeline: string, data: Data, options?: { linkedTo?: string }): NewEvent<EventDefinition<Data>>;
}

/** An older major version and how its data becomes data of this one. */
export interface Predecessor<Data> {
  readonly definition: AnyEventDefinition;
  upcast(old: never): Data;
}

// biome-ignore lint/suspicious/noExplicitAny: the data type is irrelevant where definitions of all kinds are listed.
export type AnyEventDefinition = EventDefinition<any>;

export type DataOf<Definition> = Definition extends EventDefinition<infer Data> ? Data : never;

export interface EventSettings<Data> {
  readonly name: `${string}.${string}`;
  readonly version: number;
  readonly owner: Owner;
  readonly summary: string;
  readonly consumers: readonly ServiceName[] | "all";
  readonly terminal?: string;
  readonly startsCascade?: boolean;
  readonly volatile?: boolean;
  readonly schema: z.ZodType<Data>;
  readonly example: NoInfer<Data>;
}

/** Declares an event type. `name` is `<entity>.<past-predicate>`, both in kebab-case. */
export function defineEvent<Data>(settings: EventSettings<Data>): EventDefinition<Data> {
  return build(settings, undefined);
}

/** Declares the next major version of an event type; data of the predecessor is read through `upcast`. */
export function defineNextVersion<Old, Data>(
  previous: EventDefinition<Old>,
  upcast: (old: Old) => NoInfer<Data>,
  settings: EventSettings<Data>,
): EventDefinition<Data> {
  return build(settings, { definition: previous, upcast });
}

function build<Data>(
  settings: EventSettings<Data>,
  previous: Predecessor<Data> | undefined,
): EventDefinition<Data> {
  const { name, version, terminal, ...rest } = settings;
  const [entity = "", predicate = ""] = name.split(".");
  const definition: EventDefinition<Data> = {
    ...rest,
    type: `cascade.${entity}.${predicate}.v${version}`,
    entity,
    predicate,
    version,
    startsCascade: settings.startsCascade ?? false,
    volatile: settings.volatile ?? false,
    ...(terminal === undefined ? {} : { terminal }),
    ...(previous === undefined ? {} : { previous }),
    create: (pipeline, data, options) => ({ definition, pipeline, data, ...options }),
  };
  return Object.freeze(definition);
}
