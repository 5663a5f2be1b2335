import type { Observable } from 'rxjs';
import type { OperatorFigure } from './node-figures.js';
import type { AudioSample, VideoSample } from './sample.js';

/** What flows through a port. */
export type PortType = 'video' | 'audio';

/** The stream that leaves or enters a port. */
export type PortStream = Observable<VideoSample> | Observable<AudioSample>;

/**
 * Checks and completes raw options. The shape is the one of Standard Schema (standardschema.dev), which zod and others implement.
 */
export interface OptionSchema<Options> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Options; readonly issues?: undefined }
      | { readonly issues: readonly OptionIssue[] }
      | Promise<unknown>;
  };
}

/** One thing that is wrong with raw options, and where. */
export interface OptionIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** How many frames an operator may keep, so that pools can be sized and graphs that would starve refused. */
export interface FrameDemand {
  /** Input frames it may hold at once (in projections, in look-ahead). */
  readonly holds: number;
  /** Of those, how many it must hold before it emits anything; 1 for an operator that works frame by frame. */
  readonly needs: number;
}

/** What an operator is told of the graph it becomes a node of. */
export interface OperatorPlace {
  /** Slots for a frame pool of its own, should it make frames: enough for everything downstream of it. */
  readonly slots: number;
}

/**
 * What a graph knows of an operator: one entry of the registry. Programs that compose by hand call the operator's own
 * function (`colorize(options)`) instead.
 */
export interface OperatorDefinition<Options = unknown> {
  /** Name in graphs: lower-case words joined by hyphens. */
  readonly name: string;
  /** One sentence for `--help` and the documentation. */
  readonly summary: string;
  /** Input ports in order: name → type. */
  readonly inputs: Readonly<Record<string, PortType>>;
  readonly outputs: Readonly<Record<string, PortType>>;
  /** Metadata keys that must have been attached upstream of it. */
  readonly requires: readonly string[];
  /** Metadata keys it attaches. */
  readonly provides: readonly string[];
  /** True for operators that only attach metadata: every picture leaves as it came. Films keep their encoded pictures where all nodes are such. Default false. */
  readonly keepsPictures?: boolean;
  /** What it counts for Prometheus, by `reportCount` and `reportGauge`. Default nothing. */
  readonly figures?: readonly OperatorFigure[];
  readonly options: OptionSchema<Options>;
  demand(options: Options): FrameDemand;
  /** Frames of history after which a fresh instance gives the same result as one that ran from the start; used when resuming. */
  warmupFrames(options: Options): number;
  /** Does once, before a live stream begins, what takes much longer the first time in a process than it may while pictures come. Touches no stream; calling it again costs nothing. Default nothing. */
  rehearse?(options: Options): Promise<void>;
  /** Builds the operator: input streams in port order → output streams in port order. Throws `OPTION_INVALID` on bad options. */
  create(options: Options, place: OperatorPlace): (inputs: readonly PortStream[]) => readonly PortStream[];
}
