import { Buffer } from "node:buffer";
import { services } from "@cascade/contracts";
import { number, rowsOf, text } from "../evidence/evidence.ts";
import { emittedIn, nameOf } from "./emitted.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I13";

/** Every dead letter has its reason and its bytes, was told, and came to its effect when it was redriven. */
export const checkDeadLetters: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const told = new Set(
    emittedIn(evidence)
      .filter(({ type }) => nameOf(type) === "dead-letter.recorded")
      .map(({ data }) => String(data.deadLetterId)),
  );
  const counted = { recorded: 0, redriven: 0 };
  for (const service of services) {
    for (const letter of rowsOf(evidence, service, "dead_letters")) {
      const id = text(letter, "dead_letter_id");
      const label = `dead letter ${id} of ${service}`;
      counted.recorded += 1;
      if (letter.status === "redriven") counted.redriven += 1;
      else find("DEAD_LETTER_OPEN", `${label} is still open after it was redriven`, shown(letter));
      const payload = letter.payload as Uint8Array;
      const original = evidence.messages.find((message) => message.id === letter.event_id);
      const isWhole =
        text(letter, "reason") !== "" &&
        number(letter, "attempts") > 0 &&
        payload.byteLength > 0 &&
        (original === undefined || Buffer.compare(payload, original.payload) === 0);
      if (!isWhole)
        find("DEAD_LETTER_INCOMPLETE", `${label} lacks its reason, attempts or bytes`, shown(letter));
      if (!told.has(id)) find("DEAD_LETTER_NOT_TOLD", `${label} was recorded and never told`, shown(letter));
    }
  }
  return { invariant, title: "dead letters are whole and can be redriven", counted, violations };
};

function shown({ payload, ...rest }: Readonly<Record<string, unknown>>) {
  return { ...rest, payloadBytes: (payload as Uint8Array).byteLength };
}
