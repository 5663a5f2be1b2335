import { rationalValue } from '../pipeline/index.js';
import type { FilmInfo, TrackInfo, VideoInfo } from '../streams/film.js';
import { formatBytes, formatTime } from './time-code.js';

/** What is in a file, in words: one line for the file, one a track, one a chapter. */
export function describeFilm(info: FilmInfo): string {
  const title = info.metadata.title;
  const head = [
    info.path,
    `  ${info.containerLongName}, ${info.durationUs === undefined ? 'length unknown' : formatTime(info.durationUs, 2)}, ${formatBytes(info.bytes)}`,
    ...(title === undefined ? [] : [`  Title: ${title}`]),
  ];
  const tracks = info.tracks.map((track) => `  ${describeTrack(track, info.video)}`);
  return [...head, ...tracks, ...describeChapters(info)].join('\n');
}

function describeTrack(track: TrackInfo, video: VideoInfo | undefined): string {
  const details = [
    track.codec,
    ...(video?.trackIndex === track.index ? describeVideo(video) : []),
    ...(track.audio === undefined ? [] : [`${track.audio.sampleRate} Hz`, track.audio.layout]),
    ...(track.language === undefined || track.language === 'und' ? [] : [track.language]),
    ...(track.title === undefined ? [] : [`“${track.title}”`]),
    ...track.dispositions.filter((d) => d !== 'default').map((d) => d.replaceAll('_', ' ')),
  ];
  const kind = track.kind.charAt(0).toUpperCase() + track.kind.slice(1);
  return `${kind} (track ${track.index}): ${details.join(', ')}`;
}

function describeVideo(video: VideoInfo): string[] {
  const { width, height, sampleAspectRatio: sar, frameRate, frames } = video;
  const shape = rationalValue(sar) > 0 && sar.num !== sar.den ? ` (pixels ${sar.num}:${sar.den})` : '';
  const rate = rationalValue(frameRate);
  return [
    `${width}×${height}${shape}`,
    video.sourcePixelFormat,
    ...(rate > 0 ? [`${Number(rate.toFixed(3))} fps${video.variableFrameRate ? ' on average (variable)' : ''}`] : []),
    ...(frames === undefined ? [] : [`${frames.exact ? '' : 'about '}${frames.count} frames`]),
    ...(video.fieldOrder === 'top-first' || video.fieldOrder === 'bottom-first'
      ? [`interlaced (${video.fieldOrder.replace('-', ' field ')})`]
      : []),
    ...(video.rotation === 0 ? [] : [`shown turned ${video.rotation}° clockwise`]),
    ...(video.color.range === 'unknown' ? [] : [video.color.range === 'tv' ? 'limited range' : 'full range']),
  ];
}

function describeChapters({ chapters }: FilmInfo): string[] {
  if (chapters.length === 0) return [];
  const lines = chapters.map((c) => `    ${formatTime(c.startUs)}–${formatTime(c.endUs)}  ${c.title}`);
  return [`  ${chapters.length} chapter${chapters.length === 1 ? '' : 's'}`, ...lines];
}
