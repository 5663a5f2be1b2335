/** Of all sound that foley makes, hertz. */
export const SAMPLE_RATE = 48_000;
