const signatures: readonly (readonly [prefix: readonly number[], name: string])[] = [
  [[0x80, 0x02], "a Python pickle"],
  [[0x80, 0x03], "a Python pickle"],
  [[0x80, 0x04], "a Python pickle"],
  [[0x80, 0x05], "a Python pickle"],
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive, as TorchScript and Keras write"],
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file, as Keras writes"],
  [[0x1f, 0x8b], "a gzip file"],
  [[0x78, 0x9c], "a zlib stream, as joblib writes"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
  [[0x7f, 0x45, 0x4c, 0x46], "a program"],
  [[0x7b], "JSON"],
  [[0x5b], "JSON"],
  [[0x3c], "HTML or XML"],
];

/** What a file that is not an ONNX model seems to be, for the error message. */
export function guessFileKind(bytes: Uint8Array): string | undefined {
  return signatures.find(([prefix]) => prefix.every((byte, index) => bytes[index] === byte))?.[1];
}
