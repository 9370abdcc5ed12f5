/**
 * Solves A x = b for a symmetric positive definite A, of which only the lower triangle is read. A is
 * overwritten by its factor. A pivot that rounding has made non-positive is replaced by a tiny one, which
 * leaves the direction out instead of giving infinite weights.
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (row: number, column: number) => matrix[row * size + column] ?? 0;
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = at(row, column);
      for (let index = 0; index < column; index++) sum -= at(row, index) * at(column, index);
      const isPivot = row === column;
      matrix[row * size + column] = isPivot ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(column, column);
    }
  }
  const solution = right.slice();
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0;
    for (let index = 0; index < row; index++) sum -= at(row, index) * (solution[index] ?? 0);
    solution[row] = sum / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0;
    for (let index = row + 1; index < size; index++) sum -= at(index, row) * (solution[index] ?? 0);
    solution[row] = sum / at(row, row);
  }
  return solution;
}
