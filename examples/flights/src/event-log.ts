import { type AnyEventDefinition, type DataOf, definitionOfType } from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";

/** Events that end the story badly, whatever the demo is waiting for. */
const failures = [
  "dataset.ingestion-failed",
  "dataset.rejected",
  "feature-view.failed",
  "training-run.failed",
  "evaluation.failed",
  "pipeline.refused",
  "replica.failed",
  "rollout.rolled-back",
  "dead-letter.recorded",
];

export class StoryError extends Error {}

/** Everything that was seen, and who waits for what. */
export class EventLog {
  readonly events: StoredEvent[] = [];
  readonly #looks = new Set<() => void>();

  add(event: StoredEvent): void {
    this.events.push(event);
    for (const look of this.#looks) look();
  }

  find<Definition extends AnyEventDefinition>(
    definition: Definition,
    where: (data: DataOf<Definition>) => boolean = () => true,
  ): { readonly event: StoredEvent; readonly data: DataOf<Definition> } | undefined {
    for (const event of this.events) {
      if (event.envelope.type !== definition.type) continue;
      const data: DataOf<Definition> = definition.schema.parse(event.data);
      if (where(data)) return { event, data };
    }
    return undefined;
  }

  /** Waits for an event; fails at once on an event that says "no", and after the limit names who owes an answer. */
  async expect<Definition extends AnyEventDefinition>(
    definition: Definition,
    timeoutMs: number,
    where?: (data: DataOf<Definition>) => boolean,
  ): Promise<DataOf<Definition>> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#looks.delete(look);
        clearTimeout(timer);
      };
      const look = () => {
        const failed = this.events.find(({ envelope }) =>
          failures.some((name) => envelope.type.startsWith(`cascade.${name}.`)),
        );
        const found = this.find(definition, where);
        if (found === undefined && failed === undefined) return;
        done();
        if (found !== undefined) resolve(found.data);
        else
          reject(
            new StoryError(
              `${failed?.envelope.source} said ${failed?.envelope.type}: ${JSON.stringify(failed?.data)}`,
            ),
          );
      };
      const timer = setTimeout(() => {
        done();
        reject(
          new StoryError(`no ${definition.type} within ${timeoutMs / 1000} s: ${this.#whoOwesAnAnswer()}`),
        );
      }, timeoutMs);
      this.#looks.add(look);
      look();
    });
  }

  /** The newest event that services should have answered and none has. */
  #whoOwesAnAnswer(): string {
    const answered = new Set(this.events.map(({ envelope }) => envelope.causationid));
    const unanswered = this.events.findLast(({ envelope }) => {
      const definition = definitionOfType(envelope.type);
      return definition !== undefined && definition.consumers.length > 0 && !answered.has(envelope.id);
    });
    if (unanswered === undefined) return "no service has been asked anything";
    const { consumers } = definitionOfType(unanswered.envelope.type) ?? { consumers: [] };
    return `${[...consumers].join(" or ")} did not answer ${unanswered.envelope.type} (${unanswered.envelope.id})`;
  }
}
