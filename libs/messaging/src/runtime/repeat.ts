import type { Clock } from "../clock.ts";

export interface Repetition {
  /** Starts the next round at once instead of after the interval. */
  wake(): void;
  /** Ends the repetition and waits for the round that is running. */
  stop(): Promise<void>;
}

/** Runs `work` again and again, never two rounds at once; an error is reported and the next round comes. */
export function repeat(
  clock: Clock,
  intervalMs: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): Repetition {
  let stopped = false;
  let woken = false;
  let wakeUp: () => void = () => {};

  const rest = () =>
    new Promise<void>((resolve) => {
      if (stopped || woken) return resolve();
      // Jitter keeps replicas that started together from asking the database in step.
      const cancel = clock.after(intervalMs * (0.75 + clock.random() / 2), resolve);
      wakeUp = () => {
        cancel();
        resolve();
      };
    });

  const loop = async () => {
    while (!stopped) {
      await rest();
      woken = false;
      if (stopped) return;
      try {
        await work();
      } catch (error) {
        onError(error);
      }
    }
  };
  const finished = loop();

  return {
    wake: () => {
      woken = true;
      wakeUp();
    },
    stop: async () => {
      stopped = true;
      wakeUp();
      await finished;
    },
  };
}
