import type { ServableModel } from "@cascade/contracts";
import { openTransformer, type Transformer } from "@cascade/tabular";

export interface SharedTransformer {
  readonly transformer: Transformer;
  release(): Promise<void>;
}

interface Entry {
  readonly opened: Promise<Transformer>;
  users: number;
}

/**
 * Versions with the same features share one child process. Where a version with the same features follows,
 * nothing has to be started before the swap.
 */
export function shareTransformers(limits: { memoryLimitMiB: number; timeoutMs: number }) {
  const entries = new Map<string, Entry>();
  return async ({ features, inputColumns, lookups = [] }: ServableModel): Promise<SharedTransformer> => {
    const columns = features.map(({ name, sql }) => ({ name, sql }));
    // Training sees rows without a value too, so a null is an answerable question.
    // What is looked up of entities stands beside the row's own columns.
    const found = lookups.flatMap(({ columns: all }) => all.map(({ name, type }) => ({ name, type })));
    const input = [...inputColumns, ...found].map((column) => ({ ...column, nullable: true }));
    const key = JSON.stringify([input, columns]);
    const entry = entries.get(key) ?? { opened: openTransformer({ input, columns, ...limits }), users: 0 };
    entries.set(key, entry);
    entry.users += 1;
    const leave = () => {
      entry.users -= 1;
      if (entry.users === 0 && entries.get(key) === entry) entries.delete(key);
    };
    try {
      const transformer = await entry.opened;
      return {
        transformer,
        release: async () => {
          leave();
          if (entry.users === 0) await transformer.close();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  };
}
