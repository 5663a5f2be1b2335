import { type PoseExportFormat, poseExportFormats } from '../../operators/pose/export/pose-export.js';
import { type TextExportFormat, textExportFormats } from '../../operators/text/export/text-export.js';
import { textsKey } from '../../operators/text/texts-meta.js';

/** A form of what was found that other programs load. */
export type FilmExportFormat = PoseExportFormat | TextExportFormat;

export const filmExportFormats: readonly FilmExportFormat[] = [
  ...new Set<FilmExportFormat>([...poseExportFormats, ...textExportFormats]),
];

/** What a file is made of. */
export type Exported = 'poses' | typeof textsKey;

/** Keys of metadata that the form can be made of. */
export function exportable(format: FilmExportFormat): readonly Exported[] {
  return [
    ...(isPoseFormat(format) ? (['poses'] as const) : []),
    ...(isTextFormat(format) ? ([textsKey] as const) : []),
  ];
}

export function isPoseFormat(format: FilmExportFormat): format is PoseExportFormat {
  return (poseExportFormats as readonly string[]).includes(format);
}

export function isTextFormat(format: FilmExportFormat): format is TextExportFormat {
  return (textExportFormats as readonly string[]).includes(format);
}
