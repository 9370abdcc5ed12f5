/**
 * What a pipeline file may hold. The YAML library works recursively, and in quadratic time on anchors, so
 * that these are checked on its flat tokens before it composes a document.
 */
export interface FileLimits {
  readonly charactersMax: number;
  readonly depthMax: number;
  readonly anchorsMax: number;
  readonly aliasesMax: number;
  /** Values in the file once every alias is expanded. */
  readonly valuesMax: number;
  /** The specification as it travels in an event, with every alias expanded. */
  readonly specBytesMax: number;
  /** Problems that are listed; the rest is counted. */
  readonly problemsMax: number;
  /** All listed problems together, as they travel in an event. */
  readonly problemBytesMax: number;
}

export const defaultFileLimits: FileLimits = {
  charactersMax: 200_000,
  depthMax: 32,
  anchorsMax: 100,
  aliasesMax: 1000,
  valuesMax: 50_000,
  specBytesMax: 200_000,
  problemsMax: 100,
  problemBytesMax: 150_000,
};
