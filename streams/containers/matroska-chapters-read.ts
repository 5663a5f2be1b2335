import type { FileHandle } from 'node:fs/promises';
import { type Chapter, completeChapters, type StoredChapter } from './chapter.js';
import { child, elements, float, text, unsigned } from './ebml.js';
import { matroskaIds as ids, type MatroskaLayout, readBody, readMatroskaLayout } from './matroska-layout.js';

const NANOSECONDS_PER_MICROSECOND = 1000;

/**
 * Chapters of a Matroska or WebM file: the top level of the default edition, or of the first one. Chapters nested in others
 * and other editions are not read (FFmpeg does not read the former either). Titles come in the first language given.
 */
export async function readMatroskaChapters(file: FileHandle): Promise<Chapter[]> {
  const layout = await readMatroskaLayout(file);
  if (layout === undefined) return [];
  const atoms = (await bodies(file, layout, ids.chapters)).flatMap(chosenAtoms);
  if (atoms.length === 0) return [];
  const tags = chapterTags(await bodies(file, layout, ids.tags));
  const filmEndUs = durationUs((await bodies(file, layout, ids.info))[0]);
  return completeChapters(
    atoms.map((atom) => readAtom(atom, tags)),
    filmEndUs,
  );
}

async function bodies(file: FileHandle, layout: MatroskaLayout, id: number): Promise<Buffer[]> {
  const read = layout.elements.filter((element) => element.id === id).map((element) => readBody(file, element));
  return (await Promise.all(read)).filter((body) => body !== undefined);
}

function children(body: Buffer, id: number): Buffer[] {
  return [...elements(body)].filter((element) => element.id === id).map((element) => element.body);
}

function chosenAtoms(chapters: Buffer): Buffer[] {
  const editions = children(chapters, ids.edition);
  const chosen = editions.find((edition) => unsigned(child(edition, ids.editionDefault)) === 1) ?? editions[0];
  return chosen === undefined ? [] : children(chosen, ids.chapterAtom);
}

function readAtom(atom: Buffer, tags: ReadonlyMap<string, Record<string, string>>): StoredChapter {
  const endNs = unsigned(child(atom, ids.chapterEnd));
  const display = child(atom, ids.chapterDisplay);
  const metadata = tags.get(uidKey(child(atom, ids.chapterUid)));
  return {
    startUs: Math.round((unsigned(child(atom, ids.chapterStart)) ?? 0) / NANOSECONDS_PER_MICROSECOND),
    endUs: endNs === undefined ? undefined : Math.round(endNs / NANOSECONDS_PER_MICROSECOND),
    title: (display && text(child(display, ids.chapterString))) ?? '',
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Identifiers are 64 random bits, too many for a number. */
function uidKey(uid: Buffer | undefined): string {
  return (uid?.toString('hex') ?? '').replace(/^(00)+/, '');
}

function chapterTags(tagBodies: readonly Buffer[]): Map<string, Record<string, string>> {
  const byChapter = new Map<string, Record<string, string>>();
  for (const tag of tagBodies.flatMap((body) => children(body, ids.tag))) {
    const targets = child(tag, ids.targets);
    for (const uid of targets === undefined ? [] : children(targets, ids.targetChapterUid)) {
      const key = uidKey(uid);
      byChapter.set(key, { ...byChapter.get(key), ...simpleTags(tag) });
    }
  }
  return byChapter;
}

function simpleTags(tag: Buffer): Record<string, string> {
  const entries = children(tag, ids.simpleTag).map((simple): [string, string] => [
    text(child(simple, ids.tagName)) ?? '',
    text(child(simple, ids.tagString)) ?? '',
  ]);
  return Object.fromEntries(entries.filter(([name]) => name !== ''));
}

function durationUs(info: Buffer | undefined): number | undefined {
  const duration = info && float(child(info, ids.duration));
  if (duration === undefined) return undefined;
  const scaleNs = (info && unsigned(child(info, ids.timestampScale))) ?? 1_000_000;
  return Math.round((duration * scaleNs) / NANOSECONDS_PER_MICROSECOND);
}
