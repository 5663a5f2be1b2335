import type { ProviderName, RefusalKind } from '../../models/providers/provider.js';
import type { HardwareEncoderState } from '../../streams/libav/hardware-encoders.js';

/** The machine and the programs that run Vitascope. */
export interface SystemReport {
  readonly vitascope: string;
  readonly node: string;
  /** Nothing when npm does not answer. */
  readonly npm: string | null;
  readonly os: { readonly platform: string; readonly arch: string; readonly release: string };
  /** `features` are the vector units that decide how fast models run; `null` where the system does not tell. */
  readonly cpu: { readonly model: string; readonly cores: number; readonly features: readonly string[] | null };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number };
}

/** Who decodes and encodes. */
export interface MediaReport {
  /** The bundled one. `reason` says why it does not work. */
  readonly ffmpeg:
    | {
        readonly works: true;
        readonly version: string;
        readonly licence: string;
        readonly decoders: number;
        readonly videoEncoders: readonly string[];
        readonly audioEncoders: readonly string[];
      }
    | { readonly works: false; readonly reason: string };
  readonly hardwareEncoders: readonly HardwareEncoderState[];
  /** The user's own, for `--engine external`. */
  readonly external:
    | { readonly works: true; readonly path: string; readonly version: string }
    | { readonly works: false; readonly path: string; readonly reason: string };
}

/** One execution provider on the embedded colour model. */
export interface ProviderReport {
  readonly provider: ProviderName;
  readonly title: string;
  /** It computes, and its results are those of the CPU; it may be slower. */
  readonly works: boolean;
  /** Why it does not work, or why `auto` would pass over it. */
  readonly refusal: { readonly kind: RefusalKind; readonly reason: string } | null;
  /** What to do to get it, where something can be done. */
  readonly advice: string | null;
  /** One run of the self-test, milliseconds. */
  readonly ms: number | null;
  /** True when the time limit came first: a run takes `ms` or longer. */
  readonly atLeast: boolean;
  /** The same on the CPU with all cores. */
  readonly cpuMs: number | null;
  /** Largest difference from the CPU, as a share of the largest magnitude. */
  readonly maxError: number | null;
}

/** Who computes models. */
export interface InferenceReport {
  /** Version of ONNX Runtime; empty when it is not installed. */
  readonly runtime: string;
  /** Providers that its binary knows. */
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
  readonly model: string;
  readonly providers: readonly ProviderReport[];
  /** What `--provider auto` takes for this model. */
  readonly auto: ProviderName;
  /** Worker threads, and threads within a run. */
  readonly workers: number;
  readonly intraOpThreads: number;
}

/** What the system shows of GPUs. */
export interface GpuReport {
  /** Device files. */
  readonly devices: readonly string[];
  /** Lines of `nvidia-smi`: name, driver, memory; `null` when there is none. */
  readonly nvidia: readonly string[] | null;
  /** Vulkan drivers that are installed, or named by the environment. */
  readonly vulkanDrivers: readonly string[];
}

/** A folder that work needs. */
export interface FolderReport {
  readonly purpose: 'work' | 'temporary' | 'models';
  readonly path: string;
  readonly freeBytes: number | null;
  readonly writable: boolean;
}

/** The models that were pulled. */
export interface ModelCacheReport {
  readonly folder: string;
  /** Files of networks (`.onnx`). */
  readonly models: number;
  readonly bytes: number;
  readonly mirror: string | null;
  readonly offline: boolean;
}

/** What `vitascope doctor --json` prints. Keys are stable; new ones may come. */
export interface DoctorReport {
  /** True when everything essential works. */
  readonly ok: boolean;
  /** What essential thing fails, in words. */
  readonly problems: readonly string[];
  readonly system: SystemReport;
  readonly media: MediaReport;
  readonly inference: InferenceReport;
  readonly gpu: GpuReport;
  readonly folders: readonly FolderReport[];
  readonly modelCache: ModelCacheReport;
}
