/** What a pull is doing. */
export type PullPhase =
  /** Another process fetches the same model; its bytes are shown. */
  'waiting' | 'downloading' | 'extracting' | 'verifying';

/** How far a pull has come. */
export interface PullProgress {
  readonly id: string;
  readonly phase: PullPhase;
  /** The file that is being worked on. */
  readonly file?: string;
  /** Bytes that are here, of all files of the model, those of an earlier pull included. */
  readonly bytes: number;
  /** Bytes of all files; absent while one of them is unknown. */
  readonly totalBytes?: number;
  /** Mean of the last seconds. */
  readonly bytesPerSecond?: number;
  /** Seconds that are left at this rate. */
  readonly etaSeconds?: number;
}

const REPORT_MS = 100;
/** The rate forgets what is older than this. */
const RATE_MS = 3000;

/** Counts bytes of transfers and tells of them, ten times a second at most. */
export class PullMeter {
  readonly #id: string;
  readonly #tell: ((progress: PullProgress) => void) | undefined;
  /** By transfer: bytes here, and the size if it is known. */
  readonly #transfers = new Map<string, { bytes: number; total: number | undefined }>();
  #phase: PullPhase = 'downloading';
  #file: string | undefined;
  #told = Number.NEGATIVE_INFINITY;
  #since: { at: number; bytes: number } | undefined;
  #rate: number | undefined;

  constructor(id: string, tell: ((progress: PullProgress) => void) | undefined) {
    this.#id = id;
    this.#tell = tell;
  }

  /** A transfer that will come. */
  expect(transfer: string, total: number | undefined): void {
    this.#transfers.set(transfer, { bytes: 0, total });
  }

  /** Another thing begins. */
  begin(phase: PullPhase, file?: string): void {
    this.#phase = phase;
    this.#file = file;
    this.#since = undefined;
    this.#report();
  }

  /** Another process works on the model, and has fetched so much. */
  waiting(bytes: number): void {
    const { totalBytes } = this.#sum();
    this.#tell?.({ id: this.#id, phase: 'waiting', bytes, ...(totalBytes !== undefined && { totalBytes }) });
  }

  /** Bytes of a transfer that are here. */
  at(transfer: string, bytes: number, total: number | undefined): void {
    this.#transfers.set(transfer, { bytes, total });
    const now = performance.now();
    if (now - this.#told < REPORT_MS && bytes !== total) return;
    this.#measure(now);
    this.#report();
  }

  #sum(): { bytes: number; totalBytes: number | undefined } {
    let [bytes, totalBytes]: [number, number | undefined] = [0, 0];
    for (const transfer of this.#transfers.values()) {
      bytes += transfer.bytes;
      totalBytes = transfer.total === undefined || totalBytes === undefined ? undefined : totalBytes + transfer.total;
    }
    return { bytes, totalBytes };
  }

  #measure(now: number): void {
    const { bytes } = this.#sum();
    const { at, bytes: before } = this.#since ?? { at: now, bytes };
    // A file that begins anew makes the sum smaller.
    if (this.#since !== undefined && bytes >= before && now > at) {
      const rate = ((bytes - before) / (now - at)) * 1000;
      const weight = this.#rate === undefined ? 1 : 1 - Math.exp(-(now - at) / RATE_MS);
      this.#rate = (this.#rate ?? 0) + weight * (rate - (this.#rate ?? 0));
    }
    this.#since = { at: now, bytes };
  }

  #report(): void {
    this.#told = performance.now();
    const { bytes, totalBytes } = this.#sum();
    const rate = this.#phase === 'downloading' ? this.#rate : undefined;
    const left = totalBytes === undefined ? undefined : totalBytes - bytes;
    this.#tell?.({
      id: this.#id,
      phase: this.#phase,
      bytes,
      ...(this.#file !== undefined && { file: this.#file }),
      ...(totalBytes !== undefined && { totalBytes }),
      ...(rate !== undefined && { bytesPerSecond: rate }),
      ...(rate !== undefined && rate > 0 && left !== undefined && { etaSeconds: left / rate }),
    });
  }
}
