import type { PipelineSpec } from "@cascade/contracts";
import { type Column, type Tabular, TabularError } from "@cascade/tabular";
import { type Expression, expressionsOf, misfit } from "../domain/pipeline-file/expressions.ts";
import type { Mistake } from "../domain/pipeline-file/read-pipeline-file.ts";

/** More than these nobody reads at once; each is another look at what is left. */
const mistakesMax = 20;

/** Asks the engine that computes features for every expression of a pipeline, without data. */
export async function checkExpressions(
  spec: PipelineSpec,
  tabular: Tabular,
  signal: AbortSignal,
): Promise<Mistake[]> {
  const all = Object.entries(spec.data.columns).map(([name, type]) => ({ name, type }));
  const { label } = spec.data;
  const withoutLabel = all.filter(({ name }) => name !== label);
  const ask = { tabular, signal };
  const expressions = expressionsOf(spec);
  const conditions = expressions.filter(({ gives }) => gives === "condition");
  const features = expressions.filter(({ gives }) => gives !== "condition");
  const faults = await faultsOf(features, withoutLabel, ask);
  const told: Mistake[] = [];
  for (const { expression, message } of faults) {
    // With the label it is a good expression: so the label is what it reads.
    const leaks = (await faultsOf([expression], all, ask)).length === 0;
    const why = leaks
      ? `reads the label ${JSON.stringify(label)}: the model would see what it is to predict`
      : message;
    told.push({ path: expression.path, message: why });
  }
  for (const { expression, message } of await faultsOf(conditions, all, ask)) {
    told.push({ path: expression.path, message });
  }
  return told;
}

interface Fault {
  readonly expression: Expression;
  readonly message: string;
}

/** The engine stops at the first expression that it refuses: the others are asked for again without it. */
async function faultsOf(
  expressions: readonly Expression[],
  input: readonly Column[],
  { tabular, signal }: { readonly tabular: Tabular; readonly signal: AbortSignal },
): Promise<Fault[]> {
  const faults: Fault[] = [];
  let left = expressions.map((expression, index) => ({ expression, name: `expression ${index}` }));
  while (left.length > 0 && faults.length < mistakesMax) {
    const columns = left.map(({ expression: { sql }, name }) => ({ name, sql }));
    try {
      const given = await tabular.checkColumns({ input, columns }, { signal });
      const types = new Map(given.map(({ name, type }) => [name, type]));
      const misfits = left.flatMap(({ expression, name }) => {
        const message = misfit(expression, types.get(name) ?? "string");
        return message === undefined ? [] : [{ expression, message }];
      });
      return [...faults, ...misfits];
    } catch (error) {
      if (error instanceof TabularError && error.code === "MEMORY") return [...faults, ...tooLarge(left)];
      const refused = left.find(({ name }) => name === refusedColumn(error));
      if (refused === undefined || !(error instanceof TabularError)) throw error;
      faults.push({
        expression: refused.expression,
        message: `is refused: ${error.details.reason ?? error.message}`,
      });
      left = left.filter((one) => one !== refused);
    }
  }
  return faults;
}

/** Which of them it is the engine cannot say any more. */
function tooLarge([first, ...others]: readonly { readonly expression: Expression }[]): Fault[] {
  if (first === undefined) return [];
  const where = others.length === 0 ? "it" : `it, or one of the ${others.length} expressions after it,`;
  const message = `could not be checked: ${where} takes more memory than the registry may use (CASCADE_TABULAR_MEMORY_MIB)`;
  return [{ expression: first.expression, message }];
}

function refusedColumn(error: unknown): string | undefined {
  return error instanceof TabularError && error.code === "SQL_REFUSED" ? error.details.column : undefined;
}
