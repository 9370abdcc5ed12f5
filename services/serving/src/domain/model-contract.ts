import type { ServableModel } from "@cascade/contracts";
import type { ModelDescription } from "@cascade/onnx";

/** What keeps a model from being served as it is described; undefined where it fits. */
export function contractMismatch(
  { inputs, outputs }: Pick<ModelDescription, "inputs" | "outputs">,
  servable: ServableModel,
): string | undefined {
  const kinds = new Map(servable.features.map(({ name, kind }) => [name, kind]));
  for (const { name, type } of inputs) {
    const kind = kinds.get(name);
    if (kind === undefined) return `its input "${name}" is no feature`;
    if ((kind === "category") !== (type === "string"))
      return `its input "${name}" is ${type}, the feature a ${kind}`;
  }
  const needed = servable.task === "regression" ? ["prediction"] : ["label", "probabilities"];
  const missing = needed.find((name) => !outputs.some((output) => output.name === name));
  if (missing !== undefined) return `it has no output "${missing}"`;
  if (servable.task !== "regression" && (servable.classes?.length ?? 0) < 2)
    return "its classes are not named";
  return undefined;
}
