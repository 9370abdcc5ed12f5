import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openSession, predict, type Session } from "@cascade/cli";
import {
  type AnyEventDefinition,
  DataArrivedV2,
  type DataOf,
  LabelsArrivedV1,
  PipelineAppliedV1,
  PipelineSubmittedV1,
} from "@cascade/contracts";
import { noLog, readEvents, type StoredEvent } from "@cascade/messaging";
import { freePorts, type Stack, type StackOptions, startStack } from "@cascade/stack";
import { temporaryDirectory } from "@cascade/testing";
import { type GeneratedRow, type GenerateOptions, generateRows, writeCsv } from "./generated-data.ts";
import { type PipelineOptions, pipelineText } from "./pipeline-text.ts";

interface SeenEvent<Data> {
  readonly id: string;
  readonly correlationId: string | undefined;
  readonly causationId: string | undefined;
  readonly linkedTo: string | undefined;
  readonly data: Data;
}

/** The whole system, and a person or an outside system before it. */
export interface Story extends AsyncDisposable {
  readonly stack: Stack;
  readonly session: Session;
  readonly directory: string;
  readonly seen: readonly StoredEvent[];
  /** Submits the pipeline of the generated data and waits until it is in force. */
  apply(options: PipelineOptions): Promise<string>;
  /** Writes generated rows to a file each and says that they have arrived; returns the id of the cascade. */
  arrive(pipeline: string, ...parts: readonly GenerateOptions[]): Promise<string>;
  publishArrival(pipeline: string, uris: readonly string[]): Promise<string>;
  /** Asks for a prediction on each row and returns the answers. */
  ask(pipeline: string, rows: readonly GeneratedRow[]): Promise<{ id: string; version: number }[]>;
  /** Tells the truth about answers. */
  label(pipeline: string, answers: readonly { id: string }[], rows: readonly GeneratedRow[]): Promise<void>;
  /** Waits for an event, past or future; the error lists what was seen instead. */
  expect<Definition extends AnyEventDefinition>(
    definition: Definition,
    where?: (event: SeenEvent<DataOf<Definition>>) => boolean,
    timeoutMs?: number,
  ): Promise<SeenEvent<DataOf<Definition>>>;
  ofType(definition: AnyEventDefinition): StoredEvent[];
}

export async function openStory(options: Partial<StackOptions> = {}): Promise<Story> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await temporaryDirectory());
  const failures: string[] = [];
  const stack = await startStack({
    directory: join(directory.path, "stack"),
    ports: freePorts,
    durable: false,
    onExit: (what, reason) => failures.push(`${what} ${reason}`),
    ...options,
  });
  opened.defer(() => stack.stop());
  const session = opened.use(await openSession(stack.accessAs("operator")));
  const seen: StoredEvent[] = [];
  const looks = new Set<() => void>();
  const tail = readEvents({
    connection: session.connection,
    log: noLog,
    since: "beginning",
    onEvent: (event) => {
      seen.push(event);
      for (const look of looks) look();
    },
  });
  opened.defer(() => tail.stop());
  const owned = opened.move();
  let files = 0;

  const story: Story = {
    stack,
    session,
    directory: directory.path,
    seen,
    apply: async (pipeline) => {
      const text = pipelineText(pipeline);
      const id = await session.publish(PipelineSubmittedV1.create(pipeline.pipeline, { text, by: "story" }));
      await story.expect(PipelineAppliedV1, ({ correlationId }) => correlationId === id);
      return id;
    },
    arrive: async (pipeline, ...parts) => {
      const uris: string[] = [];
      for (const part of parts) {
        files += 1;
        const path = join(directory.path, `batch-${files}.csv`);
        await writeCsv(path, generateRows(part));
        uris.push(pathToFileURL(path).href);
      }
      return story.publishArrival(pipeline, uris);
    },
    publishArrival: (pipeline, uris) =>
      session.publish(DataArrivedV2.create(pipeline, { files: uris.map((uri) => ({ uri })) })),
    ask: async (pipeline, rows) => {
      const answers: { id: string; version: number }[] = [];
      for (let start = 0; start < rows.length; start += 500) {
        const part = rows.slice(start, start + 500).map(({ hit: _, ...row }) => row);
        const { predictions } = await predict(stack.urlOf("serving"), pipeline, part);
        answers.push(...predictions);
      }
      return answers;
    },
    label: async (pipeline, answers, rows) => {
      const labels = answers.map(({ id }, index) => ({ predictionId: id, label: rows[index]?.hit === true }));
      for (let start = 0; start < labels.length; start += 1000) {
        await session.publish(
          LabelsArrivedV1.create(pipeline, { labels: labels.slice(start, start + 1000) }),
        );
      }
    },
    expect: (definition, where = () => true, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          for (const { envelope, data } of seen) {
            if (envelope.type !== definition.type) continue;
            const event = {
              id: envelope.id,
              correlationId: envelope.correlationid,
              causationId: envelope.causationid,
              linkedTo: envelope.linkedcascade,
              data: definition.schema.parse(data),
            };
            if (!where(event)) continue;
            looks.delete(look);
            clearTimeout(timer);
            resolve(event);
            return;
          }
        };
        const timer = setTimeout(() => {
          looks.delete(look);
          const others = seen.map(
            ({ envelope, data }) => `${envelope.type} ${JSON.stringify(data).slice(0, 200)}`,
          );
          const lines = [...failures, ...others.slice(-25)];
          reject(new Error(`no ${definition.type} within ${timeoutMs} ms; seen last:\n${lines.join("\n")}`));
        }, timeoutMs);
        looks.add(look);
        look();
      }),
    ofType: ({ type }) => seen.filter(({ envelope }) => envelope.type === type),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return story;
}
