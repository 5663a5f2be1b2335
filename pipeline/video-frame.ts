import { VitascopeError } from './errors.js';
import type { FramePool, Slot } from './frame-pool.js';
import { ledger } from './ledger.js';
import {
  bitDepth,
  type ColorTags,
  type PictureFormat,
  type PixelFormat,
  type PlaneLayout,
  pictureBytes,
  planeLayouts,
} from './picture.js';
import type { Microseconds, Rational } from './time.js';

/** Samples of one plane, rows tight: `Uint8Array` for 8-bit formats, `Uint16Array` for 10-bit ones. */
export type PlaneData = Uint8Array | Uint16Array;

/** Whether a picture holds two fields, and which comes first in time. */
export type FieldOrder = 'progressive' | 'top-first' | 'bottom-first';

/** When a picture is shown, and which one it is. */
export interface FrameTiming {
  /** Presentation time, integer microseconds on the source's timeline. */
  readonly ptsUs: Microseconds;
  /** How long the picture stays, microseconds; 0 when unknown. */
  readonly durationUs: Microseconds;
  /** Number of the picture in its source, from 0. */
  readonly index: number;
}

/** Everything about a picture but its pixels. */
export interface FrameProperties extends PictureFormat, FrameTiming {
  readonly fieldOrder: FieldOrder;
}

const unclosed = new FinalizationRegistry<Slot>((slot) => {
  ledger.recordCollected('VideoFrame');
  slot.release();
});

/**
 * One picture: planar YUV in a slot of shared memory, so that workers read and write it in place.
 *
 * A frame starts with one owner. `retain()` adds one, `close()` takes one away, and the last close gives the slot back
 * to its pool. Whoever receives a frame forwards it or closes it, exactly once. Planes may be written only while
 * {@link writable} is true (one owner); else write to a {@link copy}.
 */
export class VideoFrame implements FrameProperties {
  readonly pixelFormat: PixelFormat;
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: Rational;
  readonly color: ColorTags;
  readonly rotation: number;
  readonly ptsUs: Microseconds;
  readonly durationUs: Microseconds;
  readonly index: number;
  readonly fieldOrder: FieldOrder;
  /** Where the planes lie in {@link buffer}: Y, Cb, Cr. */
  readonly planes: readonly [PlaneLayout, PlaneLayout, PlaneLayout];
  /**
   * How full the pool of the live input was when the picture came, 0–1: near 1 the next ones are left out. Operators with a cadence look less often then.
   * 0 for frames of films.
   */
  readonly crowding: number;
  readonly #slot: Slot;
  #owners = 1;
  readonly #origin: string | undefined;

  private constructor(slot: Slot, properties: FrameProperties, crowding = slot.crowding) {
    this.#slot = slot;
    this.crowding = crowding;
    this.pixelFormat = properties.pixelFormat;
    this.width = properties.width;
    this.height = properties.height;
    this.sampleAspectRatio = properties.sampleAspectRatio;
    this.color = properties.color;
    this.rotation = properties.rotation ?? 0;
    this.ptsUs = properties.ptsUs;
    this.durationUs = properties.durationUs;
    this.index = properties.index;
    this.fieldOrder = properties.fieldOrder;
    this.planes = planeLayouts(properties.pixelFormat, properties.width, properties.height);
    this.#origin = ledger.recordOpened(`VideoFrame ${properties.index}`);
    unclosed.register(this, slot, this);
  }

  /** A frame with undefined pixels, waiting for a slot of `pool`. The caller owns it. */
  static async create(pool: FramePool, properties: FrameProperties, signal?: AbortSignal): Promise<VideoFrame> {
    return new VideoFrame(await pool.acquire(bytesOf(properties), signal), properties);
  }

  /** A frame with undefined pixels by the pool's policy: waits for a slot, or gives nothing (counted in the pool as a drop). */
  static async admit(
    pool: FramePool,
    properties: FrameProperties,
    signal?: AbortSignal,
  ): Promise<VideoFrame | undefined> {
    const slot = await pool.admit(bytesOf(properties), signal);
    return slot === undefined ? undefined : new VideoFrame(slot, properties);
  }

  /** A frame with undefined pixels if `pool` has a slot, else nothing (counted there as a drop). */
  static tryCreate(pool: FramePool, properties: FrameProperties): VideoFrame | undefined {
    const slot = pool.tryAcquire(bytesOf(properties));
    return slot === undefined ? undefined : new VideoFrame(slot, properties);
  }

  /**
   * A frame over the memory of a frame of another thread, which sent its {@link buffer} and its {@link properties} and keeps it open meanwhile. The caller owns
   * it; closing it gives no slot back.
   */
  static over(buffer: SharedArrayBuffer, properties: FrameProperties): VideoFrame {
    return new VideoFrame({ buffer, crowding: 0, release: () => undefined }, properties);
  }

  /** The shared memory that holds the planes. */
  get buffer(): SharedArrayBuffer {
    this.#assertOpen('buffer');
    return this.#slot.buffer;
  }
  get closed(): boolean {
    return this.#owners === 0;
  }
  /** True while there is one owner, who may write the planes. */
  get writable(): boolean {
    return this.#owners === 1;
  }
  get bitDepth(): 8 | 10 {
    return bitDepth(this.pixelFormat);
  }

  /** A view of plane 0 (Y), 1 (Cb) or 2 (Cr); no pixels are copied. */
  plane(index: 0 | 1 | 2): PlaneData {
    const plane = this.planes[index];
    return plane.bytesPerSample === 1
      ? new Uint8Array(this.buffer, plane.byteOffset, plane.byteLength)
      : new Uint16Array(this.buffer, plane.byteOffset, plane.byteLength / 2);
  }

  /** Adds an owner; every owner closes once. */
  retain(): this {
    this.#assertOpen('retain()');
    this.#owners++;
    return this;
  }

  /** Takes an owner away. @throws VitascopeError `FRAME_CLOSED` when none is left. */
  close(): void {
    this.#assertOpen('close()');
    if (--this.#owners > 0) return;
    unclosed.unregister(this);
    ledger.recordClosed(this.#origin);
    this.#slot.release();
  }

  /** A frame of its own with the same pixels; this one stays the caller's, who may close it while the copy waits for a slot. */
  async copy(pool: FramePool, changes: Partial<FrameTiming> = {}, signal?: AbortSignal): Promise<VideoFrame> {
    this.retain();
    try {
      const properties = { ...this.properties(), ...changes };
      const twin = new VideoFrame(await pool.acquire(bytesOf(properties), signal), properties, this.crowding);
      new Uint8Array(twin.buffer).set(new Uint8Array(this.buffer, 0, bytesOf(this)));
      return twin;
    } finally {
      this.close();
    }
  }

  /** Format, time and number as plain data. */
  properties(): FrameProperties {
    const { pixelFormat, width, height, sampleAspectRatio, color, rotation } = this;
    const { ptsUs, durationUs, index, fieldOrder } = this;
    return {
      pixelFormat,
      width,
      height,
      sampleAspectRatio,
      color,
      ...(rotation === 0 ? {} : { rotation }),
      ptsUs,
      durationUs,
      index,
      fieldOrder,
    };
  }

  #assertOpen(what: string): void {
    if (this.#owners > 0) return;
    throw new VitascopeError(
      'FRAME_CLOSED',
      `VideoFrame.${what}: frame ${this.index} at ${this.ptsUs} µs is already closed`,
      { context: { index: this.index, ptsUs: this.ptsUs } },
    );
  }
}

function bytesOf(p: PictureFormat): number {
  return pictureBytes(p.pixelFormat, p.width, p.height);
}
