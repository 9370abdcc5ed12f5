import { Composer, type CST, type Document, LineCounter, Parser } from "yaml";
import type { FileProblem } from "./file-problem.ts";
import type { FileLimits } from "./limits.ts";

export interface ParsedYaml {
  readonly document: Document.Parsed | undefined;
  readonly problems: readonly FileProblem[];
  /** The line and column of an offset, both from 1. */
  at(offset: number): { readonly line: number; readonly column: number };
}

/** Parses one YAML document under limits; mistakes of syntax are listed, never thrown. */
export function parseYaml(text: string, limits: FileLimits): ParsedYaml {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (offset: number, message: string): ParsedYaml => ({
    document: undefined,
    problems: [{ ...at(offset), path: "", message }],
    at,
  });
  if (text.length > limits.charactersMax) {
    return refuse(0, `the file has ${text.length} characters; at most ${limits.charactersMax} are read`);
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = findExcess(tokens, limits);
  if (excess !== undefined) return refuse(excess.offset, excess.message);
  const unprintable = text.search(notPrintable);
  if (unprintable !== -1) {
    return refuse(unprintable, "a control character cannot stand in a pipeline file: remove it");
  }

  // Duplicate keys are looked for by ourselves: the library's search is quadratic in the number of keys.
  const composer = new Composer({
    uniqueKeys: false,
    // Tags of YAML 1.1 such as !!omap make collections that are none of JSON: they are mistakes as all tags are.
    resolveKnownTags: false,
    strict: true,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return refuse(0, "the file is empty; it must be a mapping of settings");
  if (second !== undefined) {
    return refuse(second.range[0], "a second document begins here: a file declares one pipeline");
  }
  const mistakes = [...document.errors, ...document.warnings];
  return {
    document,
    problems: mistakes.map(({ code, message, pos }) => ({
      ...at(pos[0]),
      path: "",
      message: friendly[code] ?? `this is no valid YAML: ${message}`,
    })),
    at,
  };
}

// What YAML allows in a file is `c-printable` in its specification, which the library does not check. The file is kept
// as it was sent, and no database keeps a zero.
const notPrintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const friendly: Partial<Record<string, string>> = {
  TAB_AS_INDENT: "a tab cannot indent a line in YAML: use spaces",
  BLOCK_AS_IMPLICIT_KEY:
    'a mapping cannot begin here: check the indentation, and put text that contains ": " in quotes',
  MULTILINE_IMPLICIT_KEY: "a key must be on one line and end with a colon",
  TAG_RESOLVE_FAILED: "tags such as !name are not understood in a pipeline file",
};

interface Excess {
  readonly offset: number;
  readonly message: string;
}

/** Looks for what exceeds the limits, with a stack of its own: the depth is what must not be trusted. */
function findExcess(tokens: readonly CST.Token[], limits: FileLimits): Excess | undefined {
  let anchors = 0;
  let aliases = 0;
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limits.depthMax) {
      return { offset: token.offset, message: `nested deeper than ${limits.depthMax} levels` };
    }
    if (token.type === "alias" && ++aliases > limits.aliasesMax) {
      return { offset: token.offset, message: `more than ${limits.aliasesMax} aliases` };
    }
    if (token.type === "document") {
      if (token.value !== undefined) open.push({ token: token.value, depth });
      anchors += countAnchors(token.start);
    }
    if ("items" in token) {
      for (const item of token.items) {
        anchors += countAnchors(item.start) + countAnchors(item.sep ?? []);
        if (item.key) open.push({ token: item.key, depth: depth + 1 });
        if (item.value) open.push({ token: item.value, depth: depth + 1 });
      }
    }
    if (anchors > limits.anchorsMax) {
      return { offset: token.offset, message: `more than ${limits.anchorsMax} anchors` };
    }
  }
  return undefined;
}

function countAnchors(tokens: readonly CST.SourceToken[]): number {
  return tokens.filter(({ type }) => type === "anchor").length;
}
