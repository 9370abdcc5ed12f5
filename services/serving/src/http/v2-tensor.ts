import type { FeatureKind } from "@cascade/contracts";
import type { FeatureValue } from "../domain/feature-table.ts";
import { requestErrors } from "../errors.ts";

type Check = (value: unknown) => FeatureValue | undefined;

const float: Check = (value) =>
  value === null ? null : typeof value === "number" && Number.isFinite(value) ? value : undefined;

const integer =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;

const signed = (bits: number) => integer(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const unsigned = (bits: number) => integer(0, 2 ** bits - 1);

const numberTypes: Readonly<Record<string, Check>> = {
  FP16: float,
  FP32: float,
  FP64: float,
  INT8: signed(8),
  INT16: signed(16),
  INT32: signed(32),
  INT64: signed(64),
  UINT8: unsigned(8),
  UINT16: unsigned(16),
  UINT32: unsigned(32),
  UINT64: unsigned(64),
  BOOL: (value) =>
    typeof value === "boolean" ? Number(value) : value === 0 || value === 1 ? value : undefined,
};

const textTypes: Readonly<Record<string, Check>> = {
  BYTES: (value) => (value === null || typeof value === "string" ? value : undefined),
};

/** The values of one input tensor of the shape [N] or [N,1], its data flat or nested. */
export function readTensor(
  name: string,
  kind: FeatureKind,
  tensor: Readonly<Record<string, unknown>>,
  rowsMax: number,
): FeatureValue[] {
  const place = `The input ${JSON.stringify(name)}`;
  const types = kind === "number" ? numberTypes : textTypes;
  const { datatype, data } = tensor;
  const check = typeof datatype === "string" && Object.hasOwn(types, datatype) ? types[datatype] : undefined;
  if (check === undefined) {
    const given = String(JSON.stringify(datatype)).slice(0, 100);
    throw requestErrors.invalid(
      `${place} is a ${kind}: its datatype must be one of ${Object.keys(types).join(", ")}, not ${given}.`,
    );
  }
  const rowCount = readShape(place, tensor.shape, rowsMax);
  if (!Array.isArray(data)) {
    const binary = data === undefined ? " Binary tensors are not taken; send the values as JSON." : "";
    throw requestErrors.invalid(`${place} has no list of data.${binary}`);
  }
  const values = flatten(data);
  if (values.length !== rowCount) {
    throw requestErrors.invalid(`${place} has ${values.length} values, its shape says ${rowCount}.`);
  }
  return values.map((value, row) => {
    const checked = check(value);
    if (checked !== undefined) return checked;
    const shown = String(JSON.stringify(value)).slice(0, 100);
    throw requestErrors.invalid(`${place} has ${shown} in row ${row}, which is no ${String(datatype)}.`);
  });
}

function readShape(place: string, shape: unknown, rowsMax: number): number {
  const sizes: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const [rows, width = 1] = sizes;
  const fits = (sizes.length === 1 || sizes.length === 2) && width === 1;
  if (!fits || typeof rows !== "number" || !Number.isInteger(rows) || rows < 1) {
    throw requestErrors.invalid(
      `${place} must have the shape [N] or [N,1] with N of at least 1, not ${String(JSON.stringify(shape)).slice(0, 100)}.`,
    );
  }
  if (rows > rowsMax) throw requestErrors.tooManyRows(rows, rowsMax);
  return rows;
}

/** One level is enough for [N,1]; anything deeper is no value and is refused as such. */
function flatten(data: readonly unknown[]): unknown[] {
  return data.some((value) => Array.isArray(value)) ? data.flat() : [...data];
}
