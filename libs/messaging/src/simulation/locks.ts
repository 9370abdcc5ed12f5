/** Who holds or waits for a lock: one transaction. */
export interface Locks {
  /** Resolves when the lock is held; it is held until `releaseAll`. A holder may ask again. */
  acquire(holder: object, key: string): Promise<void>;
  isHeldByOther(holder: object, key: string): boolean;
  /** Gives up all that is held or waited for. */
  releaseAll(holder: object): void;
}

interface Waiter {
  readonly holder: object;
  grant(): void;
}

export function createLocks(): Locks {
  const holders = new Map<string, object>();
  const waiting = new Map<string, Waiter[]>();
  const held = new Map<object, Set<string>>();

  const take = (holder: object, key: string): void => {
    holders.set(key, holder);
    const keys = held.get(holder) ?? new Set();
    held.set(holder, keys.add(key));
  };

  return {
    acquire: (holder, key) => {
      const current = holders.get(key);
      if (current === holder) return Promise.resolve();
      if (current === undefined) {
        take(holder, key);
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const queue = waiting.get(key) ?? [];
        waiting.set(key, queue);
        queue.push({ holder, grant: resolve });
      });
    },
    isHeldByOther: (holder, key) => {
      const current = holders.get(key);
      return current !== undefined && current !== holder;
    },
    releaseAll: (holder) => {
      for (const [key, queue] of waiting) {
        const others = queue.filter((waiter) => waiter.holder !== holder);
        if (others.length === 0) waiting.delete(key);
        else waiting.set(key, others);
      }
      for (const key of held.get(holder) ?? []) {
        holders.delete(key);
        const next = waiting.get(key)?.shift();
        if (next === undefined) continue;
        take(next.holder, key);
        next.grant();
      }
      held.delete(holder);
    },
  };
}
