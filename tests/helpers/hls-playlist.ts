/** A strict reader of media playlists (RFC 8216bis): what it does not know, or what breaks a rule, is an error. */
export interface ParsedPart {
  readonly uri: string;
  readonly duration: number;
  readonly independent: boolean;
}

export interface ParsedSegment {
  readonly sequence: number;
  readonly uri: string | undefined;
  readonly duration: number;
  readonly parts: readonly ParsedPart[];
  readonly map: string | undefined;
  readonly discontinuity: boolean;
  readonly dateTime: number | undefined;
  /** As they stand in the playlist. */
  readonly lines: readonly string[];
}

export interface ParsedPlaylist {
  readonly version: number;
  readonly targetDuration: number;
  readonly partTarget: number | undefined;
  readonly control: ReadonlyMap<string, string> | undefined;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly skipped: number;
  /** The last one may lack a URI: parts of a segment that is not complete. */
  readonly segments: readonly ParsedSegment[];
  readonly hint: string | undefined;
  readonly reports: readonly ReadonlyMap<string, string>[];
  readonly ended: boolean;
}

function fail(words: string): never {
  throw new Error(`playlist: ${words}`);
}

/** Attribute lists (4.2): quoted strings or bare words. */
export function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pattern = /([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(,|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text) ?? fail(`attributes "${text}"`);
    const [, name = '', value = ''] = match;
    if (found.has(name)) fail(`attribute ${name} twice`);
    found.set(name, value.replace(/^"|"$/g, ''));
  }
  return found;
}

function decimal(text: string | undefined): number {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) fail(`not a decimal: ${text}`);
  return Number(text);
}

function integer(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) fail(`not an integer: ${text}`);
  return Number(text);
}

/** Parses and checks one playlist by itself. */
export function parsePlaylist(text: string): ParsedPlaylist {
  if (!text.endsWith('\n')) fail('no newline at the end');
  const lines = text.slice(0, -1).split('\n');
  if (lines[0] !== '#EXTM3U') fail('no #EXTM3U');
  const once = new Map<string, string>();
  const segments: ParsedSegment[] = [];
  const reports: ReadonlyMap<string, string>[] = [];
  let open = emptySegment();
  let map: string | undefined;
  let hint: string | undefined;
  let sequence = 0;
  let inSegments = false;
  for (const line of lines.slice(1)) {
    const [, tag = '', value = ''] = /^(#[A-Z0-9-]+)(?::(.*))?$/.exec(line) ?? [];
    if (hint !== undefined && tag !== '#EXT-X-RENDITION-REPORT') fail(`${line} after the preload hint`);
    if (once.has('#EXT-X-ENDLIST') && tag !== '#EXT-X-RENDITION-REPORT') fail(`${line} after the end`);
    if (headTags.has(tag)) {
      if (once.has(tag)) fail(`${tag} twice`);
      if (inSegments && tag !== '#EXT-X-ENDLIST') fail(`${tag} after segments`);
      once.set(tag, value);
      if (tag === '#EXT-X-MEDIA-SEQUENCE') sequence = integer(value);
      if (tag === '#EXT-X-SKIP') sequence += integer(attributesOf(value).get('SKIPPED-SEGMENTS'));
      continue;
    }
    if (tag === '#EXT-X-RENDITION-REPORT') {
      reports.push(attributesOf(value));
      continue;
    }
    inSegments = true;
    if (tag === '#EXT-X-PRELOAD-HINT') {
      const attributes = attributesOf(value);
      if (attributes.get('TYPE') !== 'PART') fail(line);
      hint = attributes.get('URI') ?? fail(line);
      continue;
    }
    open.lines.push(line);
    if (tag === '#EXT-X-DISCONTINUITY') open.discontinuity = true;
    else if (tag === '#EXT-X-MAP') map = attributesOf(value).get('URI') ?? fail(line);
    else if (tag === '#EXT-X-PROGRAM-DATE-TIME') {
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) fail(line);
      open.dateTime = Date.parse(value);
    } else if (tag === '#EXT-X-PART') {
      const attributes = attributesOf(value);
      const independent = attributes.get('INDEPENDENT');
      if (independent !== undefined && independent !== 'YES') fail(line);
      const uri = attributes.get('URI') ?? fail(line);
      open.parts.push({ uri, duration: decimal(attributes.get('DURATION')), independent: independent === 'YES' });
    } else if (tag === '#EXTINF') {
      open.duration = decimal(/^([^,]+),$/.exec(value)?.[1]);
    } else if (!line.startsWith('#') && /^[\w.-]+$/.test(line)) {
      if (open.duration === undefined) fail(`${line} without #EXTINF`);
      segments.push({ ...open, duration: open.duration, uri: line, map, sequence: sequence++ });
      open = emptySegment();
    } else fail(`unknown line "${line}"`);
  }
  if (open.duration !== undefined) fail('#EXTINF without URI');
  if (open.lines.length > 0) {
    const duration = open.parts.reduce((sum, part) => sum + part.duration, 0);
    segments.push({ ...open, duration, uri: undefined, map, sequence });
  }
  const control = once.get('#EXT-X-SERVER-CONTROL');
  const skip = once.get('#EXT-X-SKIP');
  const partInf = once.get('#EXT-X-PART-INF');
  const playlist: ParsedPlaylist = {
    version: integer(once.get('#EXT-X-VERSION')),
    targetDuration: integer(once.get('#EXT-X-TARGETDURATION')),
    partTarget: partInf === undefined ? undefined : decimal(attributesOf(partInf).get('PART-TARGET')),
    control: control === undefined ? undefined : attributesOf(control),
    mediaSequence: integer(once.get('#EXT-X-MEDIA-SEQUENCE')),
    discontinuitySequence: integer(once.get('#EXT-X-DISCONTINUITY-SEQUENCE')),
    skipped: skip === undefined ? 0 : integer(attributesOf(skip).get('SKIPPED-SEGMENTS')),
    segments,
    hint,
    reports,
    ended: once.has('#EXT-X-ENDLIST'),
  };
  checkPlaylist(playlist);
  return playlist;
}

const headTags = new Set([
  '#EXT-X-VERSION',
  '#EXT-X-TARGETDURATION',
  '#EXT-X-SERVER-CONTROL',
  '#EXT-X-PART-INF',
  '#EXT-X-MEDIA-SEQUENCE',
  '#EXT-X-DISCONTINUITY-SEQUENCE',
  '#EXT-X-SKIP',
  '#EXT-X-ENDLIST',
]);

interface OpenSegment {
  duration: number | undefined;
  parts: ParsedPart[];
  discontinuity: boolean;
  dateTime: number | undefined;
  lines: string[];
}

function emptySegment(): OpenSegment {
  return { duration: undefined, parts: [], discontinuity: false, dateTime: undefined, lines: [] };
}

function checkPlaylist(p: ParsedPlaylist): void {
  checkControl(p);
  if (p.skipped > 0 && p.version < 9) fail('a delta update needs version 9');
  let after = 0;
  for (const [i, segment] of [...p.segments].reverse().entries()) {
    checkSegment(segment, p);
    if (segment.uri === undefined && (i > 0 || p.ended)) fail('a segment without a URI that is not the last one');
    if (segment.parts.length > 0 && after >= 3 * p.targetDuration && segment.uri !== undefined) {
      fail(`parts of ${segment.uri} are too far from the live edge`);
    }
    after += segment.duration;
  }
  if (p.ended && p.hint !== undefined) fail('a preload hint after the end');
  if (!p.ended && p.partTarget !== undefined && p.segments.length > 0 && p.hint === undefined) fail('no preload hint');
  const uris = p.segments
    .flatMap(({ uri, parts }) => [uri, ...parts.map((part) => part.uri)])
    .filter((u) => u !== undefined);
  if (new Set(uris).size !== uris.length) fail('a URI twice');
}

function checkControl({ control, partTarget, targetDuration }: ParsedPlaylist): void {
  if (control === undefined) {
    if (partTarget !== undefined) fail('parts without server control');
    return;
  }
  if (partTarget === undefined) fail('no EXT-X-PART-INF');
  if (control.get('CAN-BLOCK-RELOAD') !== 'YES') fail('CAN-BLOCK-RELOAD');
  if (decimal(control.get('PART-HOLD-BACK')) < 3 * partTarget - 1e-6) fail('PART-HOLD-BACK');
  if (decimal(control.get('HOLD-BACK')) < 3 * targetDuration) fail('HOLD-BACK');
  if (decimal(control.get('CAN-SKIP-UNTIL')) < 6 * targetDuration) fail('CAN-SKIP-UNTIL');
}

function checkSegment(segment: ParsedSegment, { targetDuration, partTarget, skipped }: ParsedPlaylist): void {
  const who = segment.uri ?? `segment ${segment.sequence}`;
  if (Math.round(segment.duration) > targetDuration) fail(`${who} is longer than the target: ${segment.duration}`);
  if (segment.map === undefined && skipped === 0) fail(`${who} has no map`);
  if (segment.dateTime === undefined) fail(`${who} has no date`);
  if (segment.duration <= 0) fail(`${who} lasts ${segment.duration}`);
  if (segment.parts.length === 0) return;
  if (partTarget === undefined) fail(`${who} has parts in a playlist without them`);
  for (const part of segment.parts) {
    if (part.duration > partTarget || part.duration <= 0) fail(`${part.uri} lasts ${part.duration}`);
  }
  const sum = segment.parts.reduce((total, part) => total + part.duration, 0);
  // Less only where a picture lasted longer than a part may.
  if (sum > segment.duration + 1e-5) fail(`${who}: parts last ${sum}, the segment ${segment.duration}`);
}

/** Follows a playlist from update to update, and checks what must hold between them. */
export class PlaylistFollower {
  current: ParsedPlaylist | undefined;
  /** Every preload hint that was given. */
  readonly hints = new Set<string>();
  /** Every part that was listed. */
  readonly parts = new Map<string, ParsedPart>();

  /** @param text A full playlist. */
  update(text: string): ParsedPlaylist {
    const next = parsePlaylist(text);
    if (next.skipped > 0) fail('a delta update where a full one was expected');
    if (this.current !== undefined) this.#compare(this.current, next);
    if (next.hint !== undefined) this.hints.add(next.hint);
    for (const part of next.segments.flatMap((s) => s.parts)) this.parts.set(part.uri, part);
    this.current = next;
    return next;
  }

  /** Hints whose parts never came, the one that is open now left out. */
  get brokenHints(): string[] {
    return [...this.hints].filter((uri) => uri !== this.current?.hint && !this.parts.has(uri));
  }

  #compare(before: ParsedPlaylist, next: ParsedPlaylist): void {
    if (before.ended && !next.ended) fail('it goes on after its end');
    if (next.targetDuration !== before.targetDuration) fail('the target duration changed');
    if (next.partTarget !== before.partTarget) fail('the part target changed');
    if (next.mediaSequence < before.mediaSequence) fail('the media sequence went back');
    if (next.discontinuitySequence < before.discontinuitySequence) fail('the discontinuity sequence went back');
    const gone = before.segments.filter((s) => s.sequence < next.mediaSequence);
    const gaps = gone.filter((s) => s.discontinuity).length;
    if (before.discontinuitySequence + gaps !== next.discontinuitySequence) fail('discontinuities were miscounted');
    const lastBefore = before.segments.at(-1)?.sequence ?? -1;
    const lastNext = next.segments.at(-1)?.sequence ?? -1;
    if (lastNext < lastBefore) fail('segments vanished at the end');
    for (const old of before.segments.filter((s) => s.sequence >= next.mediaSequence)) {
      const same = next.segments.find((s) => s.sequence === old.sequence) ?? fail(`segment ${old.sequence} vanished`);
      this.#compareSegment(old, same);
    }
  }

  #compareSegment(old: ParsedSegment, same: ParsedSegment): void {
    if (old.uri !== undefined && (same.uri !== old.uri || same.duration !== old.duration)) fail(`${old.uri} changed`);
    if (old.map !== same.map || old.discontinuity !== same.discontinuity || old.dateTime !== same.dateTime) {
      fail(`segment ${old.sequence} changed`);
    }
    if (same.parts.length === 0) return;
    for (const [i, part] of old.parts.entries()) {
      const now = same.parts[i];
      if (now?.uri !== part.uri || now.duration !== part.duration) fail(`${part.uri} changed`);
    }
  }
}

/** The full playlist that a viewer makes of an older one and a delta update. */
export function applyDelta(old: ParsedPlaylist, delta: ParsedPlaylist): ParsedSegment[] {
  const kept = old.segments.filter(
    (s) => s.sequence >= delta.mediaSequence && s.sequence < delta.mediaSequence + delta.skipped,
  );
  if (kept.length !== delta.skipped) fail('the delta update leaves out what the viewer never had');
  const segments = [...kept];
  for (const segment of delta.segments) segments.push({ ...segment, map: segment.map ?? segments.at(-1)?.map });
  return segments;
}
