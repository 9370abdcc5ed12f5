import ddb from "@duckdb/node-bindings";
import { type Kernel, VECTOR_ROWS } from "./kernel.ts";

const WORD_BYTES = 8;
const TEXT_BYTES = 16;
const INLINE_MAX = 12;
const VALID_BYTES = VECTOR_ROWS / 8;

/** One vector of the engine's: the memory is the engine's, and only for the time of the call. */
export type Vector = { readonly data: Uint8Array; readonly valid: Uint8Array | null };

export function openVector(chunk: ddb.DataChunk, argument: number, rows: number, isText = false): Vector {
  const vector = ddb.data_chunk_get_vector(chunk, argument);
  const data = ddb.vector_get_data(vector, rows * (isText ? TEXT_BYTES : WORD_BYTES));
  // There are no bits where all are valid.
  const valid: Uint8Array | null = ddb.vector_get_validity(vector, Math.ceil(rows / 64) * WORD_BYTES);
  return { data, valid };
}

/**
 * Lets go of the engine's memory now. The garbage collector would do it too, but it takes each vector for new
 * memory of its own, and then runs 50 times in a scan of 10 million rows: a third of the time.
 */
export function closeVector({ data, valid }: Vector): void {
  (data.buffer as ArrayBuffer).transfer(0);
  if (valid !== null) (valid.buffer as ArrayBuffer).transfer(0);
}

/** Puts the values that are there into the kernel's memory, and with `listRows` the rows they come from. */
export function loadVector(
  kernel: Kernel,
  { data }: Vector,
  valid: Vector["valid"],
  rows: number,
  listRows = false,
): number {
  kernel.bytes.set(data, kernel.values);
  if (valid === null) return rows;
  kernel.bytes.set(valid.subarray(0, VALID_BYTES), kernel.valid);
  if (listRows) kernel.run.listValid(kernel.rows, kernel.valid, rows);
  return kernel.run.keepValid(kernel.values, kernel.valid, rows);
}

/** The UTF-8 bytes of one text of a vector. */
export function textBytes({ data }: Vector, row: number): Uint8Array {
  const at = data.byteOffset + row * TEXT_BYTES;
  const length = new DataView(data.buffer).getUint32(at, true);
  return length <= INLINE_MAX
    ? new Uint8Array(data.buffer, at + 4, length)
    : ddb.get_data_from_pointer(data.buffer as ArrayBuffer, at + 8, length);
}
