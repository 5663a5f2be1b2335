/** Milliseconds, with fractions, of a clock that all processes of this machine share and that nobody sets. */
export const sharedNowMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
