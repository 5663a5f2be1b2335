import {
  arrayOver,
  bytesPerElement,
  elementCount,
  type InlineTensor,
  inlineTensor,
  type TensorArray,
} from '../../tensor.js';

/** Rows of a tensor, by their indices along the first axis; in a new array. */
export function gatherRows(tensor: InlineTensor, rows: readonly number[]): InlineTensor {
  const [, ...rest] = tensor.shape;
  const size = elementCount(rest);
  const length = rows.length * size;
  const data = arrayOver(tensor.type, new ArrayBuffer(length * bytesPerElement(tensor.type)), 0, length);
  rows.forEach((row, i) => {
    const part = tensor.data.subarray(row * size, (row + 1) * size);
    (data as { set(values: TensorArray, at: number): void }).set(part, i * size);
  });
  return inlineTensor(tensor.type, [rows.length, ...rest], data as never);
}

/** int64 `[rows, columns]`; shorter rows are filled up at their ends. */
export function idsTensor(rows: readonly (readonly number[])[], filling = 0): InlineTensor {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const data = rows.flatMap((row) => [...row, ...new Array<number>(columns - row.length).fill(filling)]);
  return inlineTensor('int64', [rows.length, columns], BigInt64Array.from(data, BigInt));
}
