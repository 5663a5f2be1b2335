import type { Packet, Stream } from 'node-av/lib';
import { type Microseconds, type Rational, rationalValue, toMicroseconds } from '../../pipeline/index.js';
import { hasTime, rational } from '../libav/av.js';

/** A rate that nobody knows. */
export const UNKNOWN_RATE: Rational = { num: 0, den: 1 };

/** Where a packet lies on its source's own clock. */
export interface SourcePacketTimes {
  readonly dtsUs: Microseconds | undefined;
  readonly ptsUs: Microseconds | undefined;
  /** 0 when unknown. */
  readonly durationUs: Microseconds;
}

/** What a packet says itself. */
export function sourceTimes(packet: Packet, stream: Stream): SourcePacketTimes {
  const timeBase = rational(stream.timeBase);
  const us = (ticks: bigint): Microseconds | undefined =>
    hasTime(ticks) ? toMicroseconds(ticks, timeBase) : undefined;
  return { dtsUs: us(packet.dts), ptsUs: us(packet.pts), durationUs: toMicroseconds(packet.duration, timeBase) };
}

/** The average rate; containers without one make FFmpeg guess their time base, which is none. */
export function frameRateOf(stream: Stream): Rational {
  const average = rational(stream.avgFrameRate);
  if (rationalValue(average) > 0) return average;
  const guess = rational(stream.rFrameRate);
  const rate = rationalValue(guess);
  return rate > 0 && rate <= 240 ? guess : UNKNOWN_RATE;
}
