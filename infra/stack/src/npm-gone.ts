const lookIntervalMs = 1000;

/**
 * Calls back once when the npm that has started this process is gone. Whoever ends `npm start` by a signal, as a process
 * manager does, ends npm and its shell, and neither passes the signal on: servers and services would stay for ever.
 */
export function onNpmGone(gone: () => void): void {
  // Started without npm, it may well outlive the shell that it was started from.
  if (process.env.npm_lifecycle_event === undefined) return;
  const startedBy = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === startedBy) return;
    clearInterval(timer);
    gone();
  }, lookIntervalMs);
  timer.unref();
}
