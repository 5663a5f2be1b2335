/** Of an interpolator of order 48 in 4 phases, ITU-R BS.1770-4, annex 2. The other two phases are these backwards. */
const PHASES = [
  [
    0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
    -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
  ],
  [
    -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
    -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
  ],
] as const;

/** Taps of each filter. What it finds lies between the two samples in their middle. */
export const TRUE_PEAK_TAPS = 12;

/** Filters that find what lies an eighth, three, five and seven eighths between two samples. The first tap is that of the newest sample. */
export const truePeakFilters: readonly Float64Array[] = PHASES.flatMap((phase) => [
  Float64Array.from(phase),
  Float64Array.from([...phase].reverse()),
]);

/** Nothing that the filters find is beyond the largest sample by more than this factor. */
export const TRUE_PEAK_MOST_GAIN = Math.max(
  ...truePeakFilters.map((filter) => filter.reduce((sum, tap) => sum + Math.abs(tap), 0)),
);
