/**
 * Melodies that are in the public domain everywhere, written down from memory as steps of the scale (0 is the tonic, 7 the
 * one above, −3 the dominant below): what the melody model learns its steps from. Only the sequence of steps matters.
 */
export const tunes: Readonly<Record<string, readonly number[]>> = {
  /** Piae Cantiones, 1582. */
  'Tempus adest floridum': [0, 0, 0, 1, 0, 0, -3, -2, -3, -2, -1, 0, 0, 0, 0, 0, 1, 0, 0, -3, -2, -3, -2, -1, 0, 0],
  /** England, 16th century. */
  Greensleeves: [
    0, 2, 3, 4, 5, 4, 3, 1, -1, 0, 1, 2, 0, 0, -1, 0, 1, -1, -3, 0, 2, 3, 4, 5, 4, 3, 1, -1, 0, 1, 2, 1, 0,
  ],
  /** France, 1761 or before. */
  'Ah vous dirai-je, maman': [
    0, 0, 4, 4, 5, 5, 4, 3, 3, 2, 2, 1, 1, 0, 4, 4, 3, 3, 2, 2, 1, 4, 4, 3, 3, 2, 2, 1, 0, 0, 4, 4, 5, 5, 4, 3, 3, 2, 2,
    1, 1, 0,
  ],
  /** France, 18th century. */
  'Frère Jacques': [0, 1, 2, 0, 0, 1, 2, 0, 2, 3, 4, 2, 3, 4, 4, 5, 4, 3, 2, 0, 4, 5, 4, 3, 2, 0, 0, -3, 0, 0, -3, 0],
  /** France, 18th century. */
  'Au clair de la lune': [
    0, 0, 0, 1, 2, 1, 0, 2, 1, 1, 0, 1, 1, 1, 1, -2, -2, 1, 0, -1, -2, -3, 0, 0, 0, 1, 2, 1, 0, 2, 1, 1, 0,
  ],
  /** North America, 18th century. */
  'Yankee Doodle': [0, 0, 1, 2, 0, 2, 1, -3, 0, 0, 1, 2, 0, -1, 0, 0, 1, 2, 3, 2, 1, 0, -1, -3, -2, -1, 0, 0],
  /** Scotland, 1799 or before. */
  'Auld Lang Syne': [-3, 0, 0, 0, 2, 1, 0, 1, 2, 0, 0, 2, 4, 5, 5, 4, 2, 2, 0, 1, 0, 1, 2, 0, -2, -2, -3, 0],
  /** Ludwig van Beethoven, 1824. */
  'An die Freude': [2, 2, 3, 4, 4, 3, 2, 1, 0, 0, 1, 2, 2, 1, 1, 2, 2, 3, 4, 4, 3, 2, 1, 0, 0, 1, 2, 1, 0, 0],
  /** Johannes Brahms, 1868. */
  'Wiegenlied, opus 49': [2, 2, 4, 2, 2, 4, 2, 4, 7, 6, 5, 5, 4, 1, 2, 3, 1, 1, 2, 3, 1, 3, 6, 5, 4, 6, 7],
};
