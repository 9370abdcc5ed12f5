import type { Random } from "@cascade/testing/random";
import type { Clock } from "../clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** One process of the simulated world. It can freeze, and it can die at any moment at which it waits. */
export interface SimProcess {
  readonly name: string;
  readonly clock: Clock;
  isAlive(): boolean;
  isFrozen(): boolean;
  /**
   * Asks somebody outside: `perform` happens there after a while, its outcome arrives after another one. Nothing
   * arrives where the process has died meanwhile.
   */
  call<T>(perform: () => T | Promise<T>): Promise<T>;
  /** Tells somebody outside, without an answer. */
  tell(perform: () => void): void;
  /** Something reaches the process from outside. */
  receive(act: () => void): void;
  /** kill -9: whatever it was about to do never happens. */
  kill(): void;
  /** SIGSTOP, and SIGCONT after a time. */
  freeze(forMs: number): void;
  onDeath(act: () => void): void;
}

export interface SimProcessOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Called for each call that the process makes; says whether it dies there. */
  fate(): "lives" | "dies-before" | "dies-after";
}

const latencyMinMs = 0.1;
const latencySpanMs = 2;
const deathWithinMs = 50;

export function createProcess({ name, scheduler, random, fate }: SimProcessOptions): SimProcess {
  const timers = new Set<() => void>();
  const mourners: (() => void)[] = [];
  let alive = true;
  let frozenUntil = 0;

  const latency = () => latencyMinMs + random.next() * latencySpanMs;

  /** In the process itself: not while it is frozen, and never after its death. */
  const inTurn = (act: () => void): void => {
    if (!alive) return;
    const frozenMs = frozenUntil - scheduler.now();
    if (frozenMs > 0) scheduler.after(frozenMs, () => inTurn(act));
    else act();
  };

  const kill = (): void => {
    if (!alive) return;
    alive = false;
    for (const cancel of timers) cancel();
    timers.clear();
    for (const act of mourners) act();
  };

  const after = (delayMs: number, act: () => void): (() => void) => {
    if (!alive) return () => {};
    let taken = false;
    const cancel = scheduler.after(delayMs, () => {
      timers.delete(cancel);
      inTurn(() => {
        if (!taken) act();
      });
    });
    timers.add(cancel);
    return () => {
      taken = true;
      cancel();
      timers.delete(cancel);
    };
  };

  const every = (intervalMs: number, act: () => void): (() => void) => {
    let cancel: () => void = () => {};
    const next = () => {
      cancel = after(intervalMs, () => {
        next();
        act();
      });
    };
    next();
    return () => cancel();
  };

  const call = <T>(perform: () => T | Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (!alive) return promise;
    const ending = fate();
    if (ending === "dies-before") {
      kill();
      return promise;
    }
    const answer = (act: () => void) => {
      if (ending === "dies-after") kill();
      scheduler.after(latency(), () => inTurn(act));
    };
    // Also where the answer takes longer: who waits for it is not spared.
    if (ending === "dies-after") scheduler.after(deathWithinMs, kill);
    scheduler.after(latency(), () => {
      // What a dead process had sent may still arrive; whether it does, its fate has said.
      if (!alive && ending === "lives") return;
      (async () => perform())().then(
        (value) => answer(() => resolve(value)),
        (error: unknown) => answer(() => reject(error)),
      );
    });
    return promise;
  };

  return {
    name,
    clock: { after, every, random: () => random.next() },
    isAlive: () => alive,
    isFrozen: () => frozenUntil > scheduler.now(),
    call,
    tell: (perform) => {
      if (alive) scheduler.after(latency(), perform);
    },
    receive: (act) => {
      scheduler.after(latency(), () => inTurn(act));
    },
    kill,
    freeze: (forMs) => {
      frozenUntil = Math.max(frozenUntil, scheduler.now() + forMs);
    },
    onDeath: (act) => {
      mourners.push(act);
    },
  };
}
