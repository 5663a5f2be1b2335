import { type KeyPicture, stillPicture } from '../streams/libav/still-picture.js';

/** Makes JPEGs of key frames. Calls that ask for the same at the same time share the work. */
export class KeyPictures {
  #key: KeyPicture | undefined;
  #stills = new Map<number | undefined, Promise<Buffer>>();

  /** @param height As {@link stillPicture} takes it. @throws as {@link stillPicture} */
  still(key: KeyPicture, height: number | undefined): Promise<Buffer> {
    if (key !== this.#key) {
      this.#key = key;
      this.#stills = new Map();
    }
    const stills = this.#stills;
    const shared = stills.get(height);
    if (shared !== undefined) return shared;
    const still = stillPicture(key, height).finally(() => stills.delete(height));
    stills.set(height, still);
    return still;
  }
}
