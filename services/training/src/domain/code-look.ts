import { AppliedSpec } from "@cascade/contracts";
import { z } from "zod";
import { canonical } from "./model-change.ts";

const Trainer = AppliedSpec.shape.training.shape.trainer.unwrap();

/** A look at the training program of a pipeline; those of a chain follow one another. */
export const CodeLook = z.object({
  trainer: Trainer,
  /** The version of the pipeline that plans the next look; a look of its own has no next. */
  chain: z.object({ version: z.int(), everySeconds: z.number(), number: z.int() }).optional(),
  /** A person has applied the pipeline: what is there now is what is meant. */
  isAsked: z.boolean(),
});
export type CodeLook = z.infer<typeof CodeLook>;

/** What is known of a program from the looks before. */
export interface KnownCode {
  readonly trainer: CodeLook["trainer"];
  readonly base: string;
  readonly seen: string;
}

/** What a look has found: what is known from now on, and the digest before, where the program has changed. */
export function judgeCode(
  known: KnownCode | undefined,
  { trainer, isAsked }: Pick<CodeLook, "trainer" | "isAsked">,
  digest: string,
): { readonly known: KnownCode; readonly changedFrom?: string } {
  const settled = { trainer, base: digest, seen: digest };
  // Another command in the pipeline file is a change of the pipeline, which is a trigger by itself.
  if (known === undefined || canonical(known.trainer) !== canonical(trainer)) return { known: settled };
  if (digest === known.base) return { known: settled };
  if (isAsked || digest === known.seen) return { known: settled, changedFrom: known.base };
  return { known: { ...known, seen: digest } };
}
