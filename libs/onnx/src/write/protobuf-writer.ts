const textEncoder = new TextEncoder();

/**
 * Appends protobuf fields to a growing buffer. Only the four wire shapes that ONNX uses are here, so the
 * exports need no protobuf library and no generated code.
 */
export class ProtobufWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  /** An int64 or enum field; negative numbers take ten bytes, as protobuf prescribes. */
  integer(field: number, value: number | bigint): this {
    this.#varint(field << 3);
    return this.#varint(value);
  }

  /** A single float field. */
  float(field: number, value: number): this {
    this.#varint((field << 3) | 5);
    this.#reserve(4);
    new DataView(this.#buffer.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  /** A bytes field. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A string field. */
  text(field: number, value: string): this {
    return this.bytes(field, textEncoder.encode(value));
  }

  /** A nested message. */
  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.encode());
  }

  /** A packed list of floats, little-endian whatever the machine is. */
  floats(field: number, values: ArrayLike<number>): this {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index] ?? 0, true);
    return this.bytes(field, new Uint8Array(view.buffer));
  }

  /** A packed list of int64. */
  integers(field: number, values: ArrayLike<number>): this {
    const packed = new ProtobufWriter();
    for (let index = 0; index < values.length; index++) packed.#varint(values[index] ?? 0);
    return this.bytes(field, packed.encode());
  }

  encode(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #varint(value: number | bigint): this {
    this.#reserve(10);
    // Almost every number is small: keep them off the BigInt path, which is fifty times slower.
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff) {
      let rest = value;
      while (rest > 127) {
        this.#buffer[this.#length++] = (rest & 127) | 128;
        rest >>>= 7;
      }
      this.#buffer[this.#length++] = rest;
      return this;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#buffer[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
    return this;
  }

  #reserve(byteCount: number): void {
    const needed = this.#length + byteCount;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
