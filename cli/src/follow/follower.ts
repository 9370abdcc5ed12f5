import { type AnyEventDefinition, definitionOfType, ServingWindowReportedV1 } from "@cascade/contracts";
import { allProgressSubjects, noLog, Progress, readEvents, type StoredEvent } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";
import { CascadeTree } from "./cascade-tree.ts";
import { formatDuration, formatPercent } from "./format.ts";
import { StepsUnderWay } from "./steps-under-way.ts";
import { type Colors, linesOf, senderOf } from "./write-lines.ts";

/** Where the live view is written: a terminal, or plain lines into a pipe. */
export interface Screen {
  readonly colors: Colors;
  readonly width: number;
  /** Whether a line can be drawn over: only then progress is shown. */
  readonly live: boolean;
  write(text: string): void;
}

export interface FollowOptions {
  readonly connection: NatsConnection;
  readonly screen: Screen;
  readonly since?: Date | "beginning";
  /** Also show prediction logs and serving windows. */
  readonly includeVolatile?: boolean;
  /** Which events are shown; all where it is left out. */
  wanted?(event: StoredEvent): boolean;
  /** Told of every wanted event, also of those that wait for their cause before they are shown. */
  onEvent?(event: StoredEvent): void;
}

export interface Follower {
  stop(): Promise<void>;
}

const orphanDelayMs = 1000;
const progressIntervalMs = 120;
const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Shows events as they happen, each indented under its cause, and the progress of long steps below them. */
export function follow(options: FollowOptions): Follower {
  const { connection, screen, wanted = () => true } = options;
  const tree = new CascadeTree();
  const steps = new StepsUnderWay();
  let drawn = false;
  let frame = 0;

  const clear = () => {
    if (drawn) screen.write("\r\u001b[2K");
    drawn = false;
  };
  const print = (lines: readonly string[]) => {
    clear();
    for (const line of lines) screen.write(`${line}\n`);
  };
  const isHidden = ({ envelope }: StoredEvent) =>
    options.includeVolatile !== true && definitionOfType(envelope.type)?.volatile === true;
  const show = (placed: ReturnType<CascadeTree["add"]>) => {
    for (const one of placed.filter(({ event }) => !isHidden(event)))
      print(linesOf(one, screen.colors, screen.width));
  };

  const tail = readEvents({
    connection,
    log: noLog,
    // Serving windows are read for their place in the tree: what is judged by them follows from them.
    include: (definition) =>
      options.includeVolatile === true || !definition.volatile || isServingWindow(definition),
    ...(options.since === undefined ? {} : { since: options.since }),
    onEvent: (event) => {
      if (!wanted(event)) return;
      if (isHidden(event)) {
        show(tree.add(event));
        return;
      }
      options.onEvent?.(event);
      steps.end(senderOf(event.envelope.source), event.envelope.correlationid ?? "");
      show(tree.add(event));
    },
  });
  const orphans = setInterval(() => show(tree.release()), orphanDelayMs);

  const subscription = screen.live ? connection.subscribe(allProgressSubjects) : undefined;
  const watching = (async () => {
    for await (const message of subscription ?? []) {
      const parsed = Progress.safeParse(message.json());
      if (parsed.success) steps.tell(parsed.data, Date.now());
    }
  })();
  const drawing = setInterval(() => {
    const newest = steps.newest(Date.now());
    clear();
    if (newest === undefined || !screen.live) return;
    const { update, sinceMs } = newest;
    const share = update.share === undefined ? "" : ` ${formatPercent(update.share)}`;
    frame = (frame + 1) % spinner.length;
    const text = `${spinner[frame]} ${update.service}: ${update.message}${share} (${formatDuration(Date.now() - sinceMs)})`;
    screen.write(screen.colors.cyan(text.slice(0, screen.width - 1)));
    drawn = true;
  }, progressIntervalMs);

  return {
    stop: async () => {
      clearInterval(orphans);
      clearInterval(drawing);
      subscription?.unsubscribe();
      await watching;
      await tail.stop();
      show(tree.release());
      clear();
    },
  };
}

function isServingWindow({ entity }: AnyEventDefinition): boolean {
  return entity === ServingWindowReportedV1.entity;
}

/** The screen of a stream such as standard output. */
export function screenOf(stream: NodeJS.WriteStream, colors: Colors): Screen {
  return {
    colors,
    width: stream.isTTY ? Math.max(60, stream.columns ?? 100) : 400,
    live: stream.isTTY === true,
    write: (text) => {
      stream.write(text);
    },
  };
}
