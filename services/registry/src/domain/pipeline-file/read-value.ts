import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { type FileProblem, formatPath, type Path, show } from "./file-problem.ts";
import type { FileLimits } from "./limits.ts";
import type { ParsedYaml } from "./parse-yaml.ts";
import { createPlaces, type Places } from "./places.ts";

export interface ReadValue {
  readonly value: unknown;
  readonly problems: readonly FileProblem[];
  readonly places: Places;
}

/**
 * Turns a composed document into plain values. The library's own conversion is not used: it takes minutes
 * on keys that are collections, and it lets the last of two equal keys win.
 */
export function readValue(
  document: Document.Parsed,
  at: ParsedYaml["at"],
  limits: Pick<FileLimits, "valuesMax" | "depthMax">,
): ReadValue {
  const problems: FileProblem[] = [];
  const places = createPlaces();
  const expanding: Node[] = [];
  let values = 0;

  const report = (node: unknown, path: Path, message: string) =>
    void problems.push({ ...at(offsetOf(node)), path: formatPath(path), message });

  const read = (node: unknown, path: Path): unknown => {
    if (++values > limits.valuesMax || path.length > limits.depthMax) {
      if (values <= limits.valuesMax + 1) report(node, [], "the aliases in this file expand to too much");
      values = limits.valuesMax + 1;
      return null;
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined || expanding.includes(target)) {
        report(node, path, `the alias *${node.source} names no anchor that was set before it`);
        return null;
      }
      expanding.push(target);
      const value = read(target, path);
      expanding.pop();
      return value;
    }
    if (isMap(node)) {
      const result: Record<string, unknown> = {};
      const seen = new Set<string>();
      for (const { key, value } of node.items) {
        const name = keyName(key);
        if (name === undefined) {
          report(key, path, "a key must be a plain word");
        } else if (name === "__proto__") {
          report(key, path, `"${name}" cannot be a name`);
        } else if (!isKeepable(name)) {
          report(key, path, notKeepable);
        } else if (seen.has(name)) {
          report(key, [...path, name], `${show(name)} is there twice: keep one of the two`);
        } else {
          const inner = [...path, name];
          seen.add(name);
          // An empty value has no place of its own.
          const at = offsetOf(key);
          places.add(inner, { key: at, value: value === null ? at : offsetOf(value) });
          result[name] = read(value, inner);
        }
      }
      return result;
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const inner = [...path, index];
        places.add(inner, { key: offsetOf(item), value: offsetOf(item) });
        return read(item, inner);
      });
    }
    if (!isScalar(node) || node.value === undefined) return null;
    if (typeof node.value === "string" && !isKeepable(node.value)) report(node, path, notKeepable);
    if (typeof node.value !== "bigint") return node.value;
    return Number(node.value);
  };

  return { value: read(document.contents, []), problems, places };
}

const notKeepable = "a text cannot hold a zero character, nor half of a surrogate pair";

/** Escapes can say what the file itself may not hold, and no database keeps. */
function isKeepable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** Numbers and `true` as keys are names as well, as in `allowed: {2: x}`. */
function keyName(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === "string") return key.value;
  return typeof key.value === "number" || typeof key.value === "boolean" ? String(key.source) : undefined;
}

function offsetOf(node: unknown): number {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return 0;
  const start: unknown = node.range[0];
  return typeof start === "number" ? start : 0;
}
