/** What lets a viewer in; nothing of the query but this is handed on. */
const ACCESS_NAMES = ['key', 'expires', 'sig'] as const;

/** The part of a query that lets a viewer in, such as `key=s3cret`; nothing where there is none. The first value of each name counts. */
export function accessQuery(query: URLSearchParams): string | undefined {
  const access = new URLSearchParams();
  for (const name of ACCESS_NAMES) {
    const value = query.get(name);
    if (value !== null) access.set(name, value);
  }
  return access.size === 0 ? undefined : access.toString();
}

/**
 * A playlist in which every URI leads on with the same access: lines that are URIs, and `URI` attributes of tags. URIs of other servers stay as they are.
 *
 * @param access A query, percent-encoded, as {@link accessQuery} gives it.
 */
export function withAccess(playlist: string, access: string): string {
  const line = (text: string): string => {
    if (text.startsWith('#EXT-X-')) return withAttributes(text, access);
    return text === '' || text.startsWith('#') ? text : uriWithAccess(text, access);
  };
  return playlist
    .split('\n')
    .map((text) => (text.endsWith('\r') ? `${line(text.slice(0, -1))}\r` : line(text)))
    .join('\n');
}

/** Attributes are taken one by one, so that nothing inside a quoted text is mistaken for one. */
function withAttributes(tag: string, access: string): string {
  const colon = tag.indexOf(':');
  if (colon < 0) return tag;
  const attributes = tag
    .slice(colon + 1)
    .replace(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g, (whole: string, name: string, value: string) =>
      name === 'URI' && value.startsWith('"') ? `URI="${uriWithAccess(value.slice(1, -1), access)}"` : whole,
    );
  return `${tag.slice(0, colon + 1)}${attributes}`;
}

function uriWithAccess(uri: string, access: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(uri)) return uri;
  const hash = uri.indexOf('#');
  const [path, fragment] = hash < 0 ? [uri, ''] : [uri.slice(0, hash), uri.slice(hash)];
  return `${path}${path.includes('?') ? '&' : '?'}${access}${fragment}`;
}
