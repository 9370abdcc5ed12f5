import { type DataOf, maxEventBytes, PredictionsLoggedV1 } from "@cascade/contracts";
import { describeError, type Logger, type Publisher } from "@cascade/messaging";

export type LoggedPrediction = DataOf<typeof PredictionsLoggedV1>["predictions"][number];

export interface PredictionLogOptions {
  readonly replica: string;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly flushMs: number;
  /** What may wait for its publication, for all pipelines together. What is beyond is dropped and counted. */
  readonly predictionsMax: number;
  readonly bytesMax: number;
}

export interface PredictionLog {
  /** Never waits and never throws. `bytes` is about what the prediction takes in memory. */
  add(pipeline: string, prediction: LoggedPrediction, bytes: number): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly prediction: LoggedPrediction;
  readonly bytes: number;
}

interface Queue {
  waiting: Waiting[];
  dropped: number;
}

const batchPredictionsMax = 1000;
const batchBytesMax = 200_000;
const closeAttempts = 2;

/** Collects predictions and publishes them in batches, so that no answer ever waits for its log. */
export function openPredictionLog(options: PredictionLogOptions): PredictionLog {
  const { replica, publisher, log, predictionsMax, bytesMax, flushMs } = options;
  const queues = new Map<string, Queue>();
  let count = 0;
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;
  let closed = false;

  function add(pipeline: string, prediction: LoggedPrediction, size: number): void {
    const queue = queues.get(pipeline) ?? { waiting: [], dropped: 0 };
    queues.set(pipeline, queue);
    if (count >= predictionsMax || bytes + size > bytesMax) {
      queue.dropped += 1;
      return;
    }
    queue.waiting.push({ prediction, bytes: size });
    count += 1;
    bytes += size;
    if (queue.waiting.length >= batchPredictionsMax && flushing === undefined) void flush();
    else timer ??= setTimeout(flush, flushMs);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    flushing ??= publishAll().finally(() => {
      flushing = undefined;
      // What came meanwhile, or could not be published, is next.
      if (!closed && count > 0) timer ??= setTimeout(flush, flushMs);
    });
    return flushing;
  }

  async function publishAll(): Promise<void> {
    await Promise.all([...queues].map(([pipeline, queue]) => publishQueue(pipeline, queue)));
  }

  async function publishQueue(pipeline: string, queue: Queue): Promise<void> {
    while (queue.waiting.length > 0) {
      const taken = takeBatch(queue.waiting);
      if (taken.length === 0) {
        forget(queue, 1);
        queue.dropped += 1;
        log.warn({ pipeline }, "a prediction is too large to be logged");
        continue;
      }
      const { dropped } = queue;
      const predictions = taken.map(({ prediction }) => prediction);
      try {
        await publisher.publish(PredictionsLoggedV1.create(pipeline, { replica, predictions, dropped }));
      } catch (error) {
        log.warn({ pipeline, error: describeError(error) }, "predictions were not logged yet");
        if (!isInvalid(error)) return;
        queue.dropped += taken.length;
        forget(queue, taken.length);
        continue;
      }
      queue.dropped -= dropped;
      forget(queue, taken.length);
    }
  }

  function forget(queue: Queue, some: number): void {
    const gone = queue.waiting.splice(0, some);
    count -= gone.length;
    for (const entry of gone) bytes -= entry.bytes;
  }

  return {
    add,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      for (let attempt = 0; attempt < closeAttempts && (count > 0 || flushing !== undefined); attempt++) {
        await flush();
      }
      if (count > 0) log.warn({ predictions: count }, "predictions were lost: they could not be published");
    },
  };
}

/** As many as fit into one event. Empty where not even the first one does. */
function takeBatch(waiting: readonly Waiting[]): Waiting[] {
  const batch: Waiting[] = [];
  let size = 0;
  for (const entry of waiting) {
    if (batch.length >= batchPredictionsMax) break;
    size += Buffer.byteLength(JSON.stringify(entry.prediction)) + 1;
    if (size > batchBytesMax && (batch.length > 0 || size > maxEventBytes - 1024)) break;
    batch.push(entry);
  }
  return batch;
}

/** What breaks the contract now breaks it every time: it must not stop what waits behind it. */
function isInvalid(error: unknown): boolean {
  const { code } = describeError(error);
  return code === "EVENT_INVALID" || code === "EVENT_TOO_LARGE";
}
