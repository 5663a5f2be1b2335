import type { AudioTrack } from './live-types.js';

/** What the sound of a source must be so that RTMP and FLV, fragmented MP4 and recordings all hold it as it is. The rates are those that they share. */
const copied: Readonly<Record<string, { readonly needsHeader: boolean; readonly sampleRates?: readonly number[] }>> = {
  aac: { needsHeader: true },
  opus: { needsHeader: true },
  mp3: { needsHeader: false, sampleRates: [22_050, 44_100, 48_000] },
};

/** True for sound that is sent on as it comes; all other sound is decoded, and encoded to AAC. */
export function isCopiedSound({ codec, extradataBase64, sampleRate }: AudioTrack): boolean {
  const known = copied[codec];
  if (known === undefined || (known.needsHeader && (extradataBase64 ?? '') === '')) return false;
  return known.sampleRates?.includes(sampleRate) ?? true;
}
