import { PipelineSpec } from "@cascade/contracts";
import { z } from "zod";
import type { Path } from "./file-problem.ts";

const OutlineNode = z.object({
  description: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), OutlineNode).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), OutlineNode]).optional();
  },
  get items() {
    return OutlineNode.optional();
  },
  get anyOf() {
    return z.array(OutlineNode).optional();
  },
});
type OutlineNode = z.infer<typeof OutlineNode>;

/** What the contracts say of a setting, for messages that a person can act on. */
export interface SpecOutline {
  /** The setting in words, such as "The column to predict." */
  descriptionOf(path: Path): string | undefined;
  /** The keys that a mapping at this path may have. */
  keysOf(path: Path): readonly string[];
  /** The JSON types of a setting, where they are plain. */
  typesOf(path: Path): readonly string[];
}

/** Reads the outline from the contract's own schema, so that it can never tell another story. */
export function readSpecOutline(): SpecOutline {
  const root = OutlineNode.parse(z.toJSONSchema(PipelineSpec, { io: "input" }));
  const nodesAt = (path: Path): OutlineNode[] =>
    path.reduce((nodes, step) => nodes.flatMap((node) => children(node, step)), options(root));
  return {
    descriptionOf: (path) => nodesAt(path).find((node) => node.description !== undefined)?.description,
    keysOf: (path) => [...new Set(nodesAt(path).flatMap((node) => Object.keys(node.properties ?? {})))],
    typesOf: (path) => [...new Set(nodesAt(path).flatMap((node) => node.type ?? []))],
  };
}

function children(node: OutlineNode, step: string | number): OutlineNode[] {
  if (typeof step === "number") return node.items === undefined ? [] : options(node.items);
  const named = Object.hasOwn(node.properties ?? {}, step) ? node.properties?.[step] : undefined;
  const child =
    named ?? (typeof node.additionalProperties === "object" ? node.additionalProperties : undefined);
  return child === undefined ? [] : options(child);
}

/** The alternatives of a union, and the node itself for its description. */
function options(node: OutlineNode): OutlineNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(options)];
}
