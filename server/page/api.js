const TOKEN = 'vitascope-token';

/** The server wants its token, or another one. */
export class TokenNeeded extends Error {}

/** Kept until the tab is closed. */
export function setToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

async function ask(path) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers, cache: 'no-store', signal: AbortSignal.timeout(10_000) });
  if (response.status === 401) throw new TokenNeeded();
  return response;
}

/** All streams, as GET /api/streams describes them. */
export async function fetchStreams() {
  const response = await ask('/api/streams');
  if (!response.ok) throw new Error(`The server answers ${response.status}`);
  return await response.json();
}

/** The last picture as a blob; nothing while there is none. */
export async function fetchPicture(name) {
  const response = await ask(`/api/streams/${encodeURIComponent(name)}/snapshot.jpg?height=180`);
  return response.ok ? await response.blob() : undefined;
}
