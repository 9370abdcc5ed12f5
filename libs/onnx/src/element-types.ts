/** The element types a model of ours may take or give, with their numbers in ONNX's TensorProto.DataType. */
export const elementTypeCodes = {
  float: 1,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
} as const;

/** The type of the elements of one input or output. */
export type ElementType = keyof typeof elementTypeCodes;

const namesByCode = new Map<number, ElementType>(
  Object.entries(elementTypeCodes).map(([name, code]) => [code, name as ElementType]),
);

/** The name of an element type, or undefined when it is one that no model of ours may use. */
export function elementTypeOf(code: number): ElementType | undefined {
  return namesByCode.get(code);
}
