import { exponential } from "./exponential.ts";
import type { Kernel } from "./kernel.ts";

/**
 * The kernel in plain TypeScript: what runs where WebAssembly SIMD does not, and the oracle of its tests.
 * Same operations in the same order as kernel.as, so the same bits come out.
 *
 * `?? 0` tells the type checker that the index is in bounds; the optimiser removes it.
 */
export function openTwinKernel(memory: WebAssembly.Memory): Kernel {
  const u8 = new Uint8Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const f32 = new Float32Array(memory.buffer);
  const f64 = new Float64Array(memory.buffer);

  function addRow(bins: number, width: number, pair: number, histogram: number): void {
    const gradient = f32[pair] ?? 0;
    const hessian = f32[pair + 1] ?? 0;
    for (let feature = 0, place = histogram; feature < width; feature++, place += 512) {
      const at = place + ((u8[bins + feature] ?? 0) << 1);
      f64[at] = (f64[at] ?? 0) + gradient;
      f64[at + 1] = (f64[at + 1] ?? 0) + hessian;
    }
  }

  return {
    sumAllRows(bins, stride, width, count, gradients, histogram) {
      for (let row = 0; row < count; row++) {
        addRow(bins + row * stride, width, gradients / 4 + 2 * row, histogram / 8);
      }
    },
    sumRows(bins, stride, width, rows, count, gradients, histogram) {
      for (let index = 0; index < count; index++) {
        const row = u32[rows / 4 + index] ?? 0;
        addRow(bins + row * stride, width, gradients / 4 + 2 * row, histogram / 8);
      }
    },
    clear(target, byteLength) {
      u8.fill(0, target, target + byteLength);
    },
    subtract(target, other, count) {
      const [to, from] = [target / 8, other / 8];
      for (let index = 0; index < count; index++) {
        f64[to + index] = (f64[to + index] ?? 0) - (f64[from + index] ?? 0);
      }
    },
    partition(column, rows, count, spare, bin, missingLeft) {
      let left = rows / 4;
      let right = spare / 4;
      for (let index = 0; index < count; index++) {
        const row = u32[rows / 4 + index] ?? 0;
        const value = u8[column + row] ?? 0;
        if (value === 255 ? missingLeft === 1 : value <= bin) u32[left++] = row;
        else u32[right++] = row;
      }
      return left - rows / 4;
    },
    addToScores(scores, rows, count, value) {
      for (let index = 0; index < count; index++) {
        const at = scores / 8 + (u32[rows / 4 + index] ?? 0);
        f64[at] = (f64[at] ?? 0) + value;
      }
    },
    squaredGradients(scores, labels, gradients, count) {
      for (let row = 0; row < count; row++) {
        f32[gradients / 4 + 2 * row] = (f64[scores / 8 + row] ?? 0) - (f64[labels / 8 + row] ?? 0);
        f32[gradients / 4 + 2 * row + 1] = 1;
      }
    },
    logisticGradients(scores, labels, gradients, count) {
      for (let row = 0; row < count; row++) {
        const p = 1 / (1 + exponential(-(f64[scores / 8 + row] ?? 0)));
        f32[gradients / 4 + 2 * row] = p - (f64[labels / 8 + row] ?? 0);
        f32[gradients / 4 + 2 * row + 1] = p * (1 - p);
      }
    },
    softmaxTotals(scores, classStride, classes, peaks, totals, count) {
      for (let row = 0; row < count; row++) {
        const at = scores / 8 + row;
        const step = classStride / 8;
        let peak = f64[at] ?? 0;
        for (let index = 1; index < classes; index++) peak = Math.max(peak, f64[at + index * step] ?? 0);
        let total = 0;
        for (let index = 0; index < classes; index++) {
          total += exponential((f64[at + index * step] ?? 0) - peak);
        }
        f64[peaks / 8 + row] = peak;
        f64[totals / 8 + row] = total;
      }
    },
    softmaxGradients(scores, labels, classIndex, peaks, totals, gradients, count) {
      for (let row = 0; row < count; row++) {
        const shifted = (f64[scores / 8 + row] ?? 0) - (f64[peaks / 8 + row] ?? 0);
        const p = exponential(shifted) / (f64[totals / 8 + row] ?? 0);
        f32[gradients / 4 + 2 * row] = p - (f64[labels / 8 + row] === classIndex ? 1 : 0);
        f32[gradients / 4 + 2 * row + 1] = p * (1 - p);
      }
    },
    weighGradients(gradients, weights, count) {
      for (let row = 0; row < count; row++) {
        const at = gradients / 4 + 2 * row;
        const weight = f32[weights / 4 + row] ?? 0;
        f32[at] = (f32[at] ?? 0) * weight;
        f32[at + 1] = (f32[at + 1] ?? 0) * weight;
      }
    },
    logisticLoss(scores, labels, count, results) {
      const even = count - (count % 2);
      let batches = 0;
      for (let first = 0; first < even; first += 512) {
        for (let lane = 0; lane < 2; lane++) {
          let sum = 0;
          let product = 1;
          for (let row = first + lane; row < Math.min(even, first + 512); row += 2) {
            const label = f64[labels / 8 + row] ?? 0;
            const x = (f64[scores / 8 + row] ?? 0) * (1 - (label + label));
            sum += Math.max(x, 0);
            product *= 1 + exponential(-Math.abs(x));
          }
          f64[results / 8 + batches * 4 + lane] = sum;
          f64[results / 8 + batches * 4 + 2 + lane] = product;
        }
        batches++;
      }
      return batches;
    },
    walkTree(nodes, scores, from, to) {
      for (let row = from; row < to; row++) {
        let node = nodes / 4;
        for (let column = u32[node] ?? 0; column !== 0; column = u32[node] ?? 0) {
          const value = u8[column + row] ?? 0;
          const goesLeft = value === 255 ? u32[node + 2] !== 0 : value <= (u32[node + 1] ?? 0);
          node = nodes / 4 + 8 * (u32[node + (goesLeft ? 3 : 4)] ?? 0);
        }
        f64[scores / 8 + row] = (f64[scores / 8 + row] ?? 0) + (f64[node / 2 + 3] ?? 0);
      }
    },
    binValues(values, count, thresholds, thresholdCount, column) {
      let missing = 0;
      for (let row = 0; row < count; row++) {
        const value = f32[values / 4 + row] ?? 0;
        let bin = 255;
        if (Number.isNaN(value)) {
          missing = 1;
        } else {
          let low = 0;
          for (let step = 128; step > 0; step >>= 1) {
            if ((f32[thresholds / 4 + low + step - 1] ?? 0) < value) low += step;
          }
          bin = Math.min(low, thresholdCount);
        }
        u8[column + row] = bin;
      }
      return missing;
    },
    interleave(columns, columnStride, width, count, bins) {
      let place = bins;
      for (let row = 0; row < count; row++) {
        for (let index = 0; index < width; index++)
          u8[place++] = u8[columns + row + index * columnStride] ?? 0;
      }
    },
  };
}
