/** A file that follows from the contracts. The path is relative to the folder of the contracts. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

export function jsonFile(path: string, value: unknown): GeneratedFile {
  return { path, content: `${JSON.stringify(value, null, 2)}\n` };
}
