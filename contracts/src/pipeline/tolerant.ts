import { z } from "zod";

/**
 * The same schema for readers instead of writers: fields that it does not know are left out instead of refused, at
 * any depth. A person's spelling mistake is told by the strict form; the tolerant one reads what a newer build wrote.
 */
export function tolerant<Schema extends z.core.$ZodType>(schema: Schema): Schema {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  const changed = changesOf(def);
  return changed === undefined
    ? schema
    : z.core.clone(schema, { ...def, ...changed } as unknown as Schema["_zod"]["def"]);
}

/** What is different in the tolerant form; nothing where a schema holds no others. */
function changesOf(def: z.core.$ZodTypes["_zod"]["def"]): object | undefined {
  switch (def.type) {
    case "object": {
      const shape = Object.entries(def.shape).map(([name, field]) => [name, tolerant(field)]);
      return { shape: Object.fromEntries(shape), catchall: undefined };
    }
    case "array":
      return { element: tolerant(def.element) };
    case "record":
      return { valueType: tolerant(def.valueType) };
    case "union":
      // Who leaves out what it does not know fits too easily: the option that demands most has the first say.
      return { options: def.options.toSorted((a, b) => demandsOf(b) - demandsOf(a)).map(tolerant) };
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
      return { innerType: tolerant(def.innerType) };
    default:
      return undefined;
  }
}

/** How many fields a schema requires; none where it is no object. */
function demandsOf(schema: z.core.$ZodType): number {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== "object") return 0;
  return Object.values(def.shape).filter((field) => field._zod.optin !== "optional").length;
}
