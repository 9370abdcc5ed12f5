/** What the parent sends to a worker: one call at a time. */
export type CallMessage = { readonly id: number; readonly operation: string; readonly args: unknown };

/** An error as it crosses the process boundary. */
export type ThrownMessage = {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly details?: unknown;
  readonly stack?: string;
};

/** What a worker sends back: any number of progress values, then one result or one error. */
export type ReplyMessage =
  | { readonly id: number; readonly kind: "progress"; readonly value: unknown }
  | { readonly id: number; readonly kind: "result"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly error: ThrownMessage };
