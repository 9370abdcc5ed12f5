import { elementTypeOf } from "../element-types.ts";
import { OnnxError } from "../errors.ts";
import type { Dimension } from "../write/graph-builder.ts";
import type { TensorDescription } from "./description.ts";
import { type Field, integersOf, merged, scanFields, textOf } from "./protobuf-scan.ts";

/** A constant as far as the checks need it. */
export interface ConstantTensor {
  readonly name: string;
  readonly elementCount: number;
  /** The values when they are a short list of int64, otherwise undefined. */
  readonly integers: readonly bigint[] | undefined;
}

const int64Code = 7;
const shortListMax = 64;

/** Reads a TensorProto; refuses data in other files and more elements than the file can hold. */
export function scanTensor(tensor: Uint8Array, fileBytes: number): ConstantTensor {
  let name = "";
  let elementCount = 1;
  let type = 0;
  let raw: Uint8Array | undefined;
  const listed: bigint[] = [];
  for (const field of scanFields(tensor)) {
    if (field.number === 1) {
      for (const size of integersOf(field)) {
        if (size < 0n) throw new OnnxError("MODEL_BAD_SHAPE", { found: `constant with size ${size}` });
        elementCount *= Number(size);
      }
    } else if (field.number === 2 && field.kind === "varint") type = Number(field.value);
    else if (field.number === 7) {
      for (const value of integersOf(field)) if (listed.push(value) > shortListMax) break;
    } else if (field.number === 8) name = textOf(field);
    else if (field.number === 9 && field.kind === "bytes") raw = field.value;
    else if (field.number === 13 || (field.number === 14 && field.kind === "varint" && field.value !== 0n)) {
      throw new OnnxError("MODEL_EXTERNAL_DATA");
    }
  }
  // Even 4-bit elements take half a byte each.
  if (elementCount > fileBytes * 2) {
    throw new OnnxError("MODEL_GIANT_TENSOR", { found: `constant ${name} claims ${elementCount} elements` });
  }
  const isShort = type === int64Code && elementCount <= shortListMax;
  return { name, elementCount, integers: isShort ? (raw ? rawIntegers(raw) : listed) : undefined };
}

function rawIntegers(raw: Uint8Array): bigint[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.byteLength / 8) }, (_, index) =>
    view.getBigInt64(index * 8, true),
  );
}

/** Reads a ValueInfoProto: name, element type and shape of an input or output. */
export function scanValueInfo(value: Uint8Array): TensorDescription {
  let name = "";
  let tensorType: Uint8Array | undefined;
  for (const field of scanFields(value)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2 && field.kind === "bytes") {
      for (const inner of scanFields(field.value)) {
        if (inner.number === 1 && inner.kind === "bytes") tensorType = merged(tensorType, inner.value);
      }
    }
  }
  if (!tensorType) throw new OnnxError("MODEL_UNSUPPORTED_TYPE", { found: `${name} is not a tensor` });
  let code = 0;
  let shape: readonly Dimension[] = [];
  for (const field of scanFields(tensorType)) {
    if (field.number === 1 && field.kind === "varint") code = Number(field.value);
    else if (field.number === 2) shape = [...shape, ...scanShape(field, name)];
  }
  const type = elementTypeOf(code);
  if (!type) throw new OnnxError("MODEL_UNSUPPORTED_TYPE", { found: `${name} has element type ${code}` });
  return { name, type, shape };
}

function scanShape(field: Field, name: string): Dimension[] {
  if (field.kind !== "bytes") return [];
  const shape: Dimension[] = [];
  for (const dimension of scanFields(field.value)) {
    if (dimension.number !== 1 || dimension.kind !== "bytes") continue;
    let size: Dimension = null;
    for (const part of scanFields(dimension.value)) {
      if (part.number !== 1 || part.kind !== "varint") continue;
      size = Number(BigInt.asIntN(64, part.value));
      if (size < 0) throw new OnnxError("MODEL_BAD_SHAPE", { found: `${name} has size ${size}` });
    }
    shape.push(size);
  }
  return shape;
}
