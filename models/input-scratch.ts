import { arrayOver, bytesPerElement, elementCount, type TensorType } from './tensor.js';
import { type NativeTensor, nativeTensor } from './worker-session.js';

/**
 * Ordinary memory through which shared tensors reach the runtime, whose binding refuses shared ones. It grows to the
 * largest size it has seen and is used again for every run.
 */
export class InputScratch {
  #buffer = new ArrayBuffer(0);
  #tensor: NativeTensor | undefined;

  /** A tensor of this type and shape over the memory, and the memory itself; valid until the next call. */
  reserve(type: TensorType, shape: readonly number[]): { tensor: NativeTensor; bytes: Uint8Array } {
    const length = elementCount(shape);
    const byteLength = length * bytesPerElement(type);
    if (this.#buffer.byteLength < byteLength) {
      this.#buffer = new ArrayBuffer(byteLength);
      this.#tensor = undefined;
    }
    const kept = this.#tensor;
    const tensor =
      kept?.type === type && sameShape(kept.dims, shape)
        ? kept
        : nativeTensor(type, arrayOver(type, this.#buffer, 0, length), shape);
    this.#tensor = tensor;
    return { tensor, bytes: new Uint8Array(this.#buffer, 0, byteLength) };
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
