/** Places at which a test may have the process die, as if it had been killed. */
export const crashPoints = [
  "inbox.in_tx",
  "inbox.after_commit",
  "relay.before_publish",
  "relay.after_puback",
  "job.claimed",
  "job.before_finish",
  "job.after_commit",
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** `CASCADE_CRASH=relay.after_puback:2` kills the process the second time it passes that point. */
export function crashPointFrom(setting: string | undefined): (point: CrashPoint) => void {
  if (setting === undefined || setting === "") return () => {};
  const [wanted, nth = "1"] = setting.split(":");
  if (!crashPoints.some((point) => point === wanted)) {
    throw new RangeError(
      `CASCADE_CRASH names no crash point: "${wanted}"; there are: ${crashPoints.join(", ")}`,
    );
  }
  let passes = 0;
  return (point) => {
    if (point !== wanted) return;
    passes += 1;
    if (passes === Number(nth)) process.kill(process.pid, "SIGKILL");
  };
}
