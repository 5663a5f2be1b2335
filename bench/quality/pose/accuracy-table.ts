import type { Accuracy } from './accuracy.js';
import { markdownTable, threeDigits } from './markdown-table.js';

/** A line of the table. */
export interface AccuracyRow {
  readonly id: string;
  readonly model: string;
  readonly pictures: string;
  readonly accuracy: Accuracy;
}

const heads = ['model', 'pictures', 'AP', 'AP50', 'AP75', 'AP medium', 'AP large', 'AR', 'ms a picture'];

/** The figures as Markdown. */
export function accuracyTable(rows: readonly AccuracyRow[]): string {
  return markdownTable(
    heads,
    rows.map(({ model, pictures, accuracy: { figures, msPerPicture } }) => {
      const { ap, ap50, ap75, apMedium, apLarge, ar } = figures;
      const values = [ap, ap50, ap75, apMedium, apLarge, ar].map(threeDigits);
      return [model, pictures, ...values, msPerPicture.toFixed(0)];
    }),
  );
}
