/** The part of OpenCV's JavaScript interface that is used here. Names and meanings are OpenCV's; see https://docs.opencv.org/4.12.0. */
export interface CvModule {
  readonly Mat: {
    new (): CvMat;
    new (rows: number, columns: number, type: number): CvMat;
  };
  readonly Size: new (width: number, height: number) => CvSize;
  readonly Rect: new (x: number, y: number, width: number, height: number) => CvRect;
  readonly TermCriteria: new (type: number, maxCount: number, epsilon: number) => CvTermCriteria;
  /** A matrix of these values, row by row; the caller deletes it. */
  matFromArray(rows: number, columns: number, type: number, values: ArrayLike<number>): CvMat;

  goodFeaturesToTrack(image: CvMat, corners: CvMat, maxCorners: number, quality: number, minDistance: number): void;
  calcOpticalFlowPyrLK(
    previous: CvMat,
    next: CvMat,
    previousPoints: CvMat,
    nextPoints: CvMat,
    status: CvMat,
    error: CvMat,
    window?: CvSize,
    maxLevel?: number,
    criteria?: CvTermCriteria,
    flags?: number,
  ): void;
  resize(source: CvMat, target: CvMat, size: CvSize, scaleX?: number, scaleY?: number, interpolation?: number): void;

  warpPerspective(
    source: CvMat,
    target: CvMat,
    map: CvMat,
    size: CvSize,
    interpolation?: number,
    border?: number,
  ): void;

  readonly CV_8UC1: number;
  readonly CV_16UC1: number;
  readonly CV_32FC2: number;
  readonly CV_64FC1: number;
  readonly INTER_AREA: number;
  readonly INTER_LINEAR: number;
  readonly BORDER_REPLICATE: number;
  readonly OPTFLOW_USE_INITIAL_FLOW: number;
  readonly TermCriteria_COUNT: number;
  readonly TermCriteria_EPS: number;
}

/** A matrix in OpenCV's memory. Views go stale when that grows: take them anew after each call. */
export interface CvMat {
  readonly rows: number;
  readonly cols: number;
  /** Of 8-bit matrices, row by row. */
  readonly data: Uint8Array;
  readonly data16U: Uint16Array;
  readonly data32F: Float32Array;
  convertTo(target: CvMat, type: number, scale?: number, shift?: number): void;
  /** A matrix that shares this one's memory; deleted likewise. */
  roi(rectangle: CvRect): CvMat;
  delete(): void;
}

export interface CvSize {
  readonly width: number;
  readonly height: number;
}
export interface CvRect extends CvSize {
  readonly x: number;
  readonly y: number;
}
export interface CvTermCriteria {
  readonly type: number;
  readonly maxCount: number;
  readonly epsilon: number;
}
