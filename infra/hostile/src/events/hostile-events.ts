import { contractCases } from "./contract-breaks.ts";
import { encodingCases } from "./encodings.ts";
import { envelopeCases } from "./envelopes.ts";
import type { EventCase, HostileEvent } from "./event-input.ts";
import { headerAndSubjectCases } from "./headers-and-subjects.ts";
import { jsonCases } from "./json-values.ts";

const cases: readonly EventCase[] = [
  ...encodingCases,
  ...jsonCases,
  ...contractCases,
  ...envelopeCases,
  ...headerAndSubjectCases,
];

/** Each has a pipeline of its own in its subject, so that its outcome can be told from those of all others. */
export const hostileEvents: readonly HostileEvent[] = cases.map(({ message, ...rest }, index) => ({
  ...rest,
  input: message(`hostile-${index}`),
}));
