import type { FieldOrder, PictureFormat, Rational } from '../pipeline/index.js';

/** How a film's video is encoded. Names are FFmpeg's. */
export interface EncodingOptions {
  /** Encoder by name, e.g. `libx264`, `libx265`, `libsvtav1`, `ffv1`, `prores_ks`. Default: by container. */
  readonly videoCodec?: string | undefined;
  /** Constant-quality level of encoders that have one; lower is better and larger. */
  readonly crf?: number | undefined;
  /** Speed preset of encoders that have one, e.g. `veryfast`, `medium`, `8`. */
  readonly preset?: string | undefined;
  /** FFmpeg pixel format of the encoded video, e.g. `yuv420p`. Default: the film's, or the nearest the encoder takes. */
  readonly pixelFormat?: string | undefined;
  /** Further options of the encoder, by FFmpeg's names. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** Encoder threads; 0 = one a core. Default 0. */
  readonly threads?: number | undefined;
}

/** Everything an encoder must know before the first frame. */
export interface EncoderInput {
  readonly picture: PictureFormat;
  /** Unit of the timestamps the encoder writes: the source's, so that they come out exactly as they went in. */
  readonly timeBase: Rational;
  /** Average pictures a second; `0/1` when unknown. */
  readonly frameRate: Rational;
  /** Fields of the pictures; those of interlaced film are coded and marked as such. Default progressive. */
  readonly fieldOrder?: FieldOrder | undefined;
  /** Encode the pictures at another size, with even sides. Default: their own. */
  readonly scaleTo?: { readonly width: number; readonly height: number } | undefined;
  /** The container keeps codec headers apart from the packets. */
  readonly globalHeader: boolean;
}
