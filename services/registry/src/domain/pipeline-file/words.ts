/** The types of the schema library in the words of a pipeline file. */
export function typeInWords(type: string): string {
  return words[type] ?? type;
}

const words: Partial<Record<string, string>> = {
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  null: "null",
};
