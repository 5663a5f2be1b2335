/** The part of m3u8-parser that tests use; the package brings no types. */
declare module 'm3u8-parser' {
  export class Parser {
    push(text: string): void;
    end(): void;
    readonly manifest: {
      readonly targetDuration: number;
      readonly mediaSequence: number;
      readonly partTargetDuration?: number;
      readonly serverControl?: { readonly canBlockReload?: boolean; readonly partHoldBack?: number };
      readonly segments: readonly { readonly uri: string; readonly duration: number }[];
      readonly preloadSegment?: {
        readonly parts: readonly { readonly uri: string }[];
        readonly preloadHints: readonly { readonly uri: string }[];
      };
    };
  }
}
