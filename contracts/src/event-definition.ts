import type { z } from "zod";
import type { Owner, ServiceName } from "./services.ts";

/** What a reaction returns to have an event published: the envelope is added by the runtime. */
export interface NewEvent<Type extends string = string> {
  readonly type: Type;
  readonly definition: AnyEventDefinition;
  readonly pipeline: string;
  readonly data: unknown;
  /** Only for events that start a cascade of their own: the cascade that led here. */
  readonly linkedTo?: string;
}

/** The contract of one event type in one major version. */
export interface EventDefinition<Data, Type extends string = string> {
  readonly type: Type;
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
  /** Meant for systems outside too: they can subscribe to it, and it is kept for them. */
  readonly outgoing: boolean;
  readonly schema: z.ZodType<Data>;
  /** The golden sample: valid for this version for ever. */
  readonly example: Data;
  /** How messages become events that foreign systems send as they always have, without the attributes of an event. */
  readonly foreign?: Foreign<Data>;
  readonly previous?: Predecessor<Data>;
  create(pipeline: string, data: Data, options?: { linkedTo?: string }): NewEvent<Type>;
}

interface Foreign<Data> {
  /** Stands for whoever has sent it. */
  readonly source: string;
  /** What makes two messages the same one; the event's id is made of it. */
  identityOf(data: Data): string;
}

/** An older major version and how its data becomes data of this one. */
interface Predecessor<Data> {
  readonly definition: AnyEventDefinition;
  upcast(old: never): Data;
}

// biome-ignore lint/suspicious/noExplicitAny: the data type is irrelevant where definitions of all kinds are listed.
export type AnyEventDefinition = EventDefinition<any>;

export type DataOf<Definition> = Definition extends EventDefinition<infer Data> ? Data : never;

export interface EventSettings<Data, Name extends string, Version extends number> {
  readonly name: Name;
  readonly version: Version;
  readonly owner: Owner;
  readonly summary: string;
  readonly consumers: readonly ServiceName[] | "all";
  readonly terminal?: string;
  readonly startsCascade?: boolean;
  readonly volatile?: boolean;
  readonly outgoing?: boolean;
  readonly schema: z.ZodType<Data>;
  readonly example: NoInfer<Data>;
  readonly foreign?: Foreign<NoInfer<Data>>;
}

type TypeOf<Name extends string, Version extends number> = `cascade.${Name}.v${Version}`;

/** Declares an event type. `name` is `<entity>.<past-predicate>`, both in kebab-case. */
export function defineEvent<Data, const Name extends `${string}.${string}`, const Version extends number>(
  settings: EventSettings<Data, Name, Version>,
): EventDefinition<Data, TypeOf<Name, Version>> {
  return build(settings, undefined);
}

/** Declares the next major version of an event type; data of the predecessor is read through `upcast`. */
export function defineNextVersion<
  Old,
  Data,
  const Name extends `${string}.${string}`,
  const Version extends number,
>(
  previous: EventDefinition<Old>,
  upcast: (old: Old) => NoInfer<Data>,
  settings: EventSettings<Data, Name, Version>,
): EventDefinition<Data, TypeOf<Name, Version>> {
  return build(settings, { definition: previous, upcast });
}

function build<Data, Name extends string, Version extends number>(
  settings: EventSettings<Data, Name, Version>,
  previous: Predecessor<Data> | undefined,
): EventDefinition<Data, TypeOf<Name, Version>> {
  const { name, version, terminal, ...rest } = settings;
  const [entity = "", predicate = ""] = name.split(".");
  const type: TypeOf<Name, Version> = `cascade.${name}.v${version}`;
  const definition: EventDefinition<Data, TypeOf<Name, Version>> = {
    ...rest,
    type,
    entity,
    predicate,
    version,
    startsCascade: settings.startsCascade ?? false,
    volatile: settings.volatile ?? false,
    outgoing: settings.outgoing ?? false,
    ...(terminal === undefined ? {} : { terminal }),
    ...(previous === undefined ? {} : { previous }),
    create: (pipeline, data, options) => ({ type, definition, pipeline, data, ...options }),
  };
  return Object.freeze(definition);
}
