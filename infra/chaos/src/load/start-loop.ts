export interface Loop {
  stop(): Promise<void>;
}

/** Does something again and again with pauses in between; an error ends the loop, and stopping it throws it. */
export function startLoop(pauseMs: number, work: () => Promise<void>): Loop {
  let stopped = false;
  let endPause = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const running = (async () => {
    while (!stopped) {
      await work();
      if (!stopped) await pause();
    }
  })();
  // Thrown by `stop`, not by the process.
  running.catch(() => {});
  return {
    stop: async () => {
      stopped = true;
      endPause();
      await running;
    },
  };
}
