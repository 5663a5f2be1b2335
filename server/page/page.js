import { fetchStreams, hasToken, setToken, TokenNeeded } from './api.js';
import { Card, hlsUrl, setText } from './card.js';
import { Player } from './player.js';

/** Milliseconds between two looks. */
const LOOK_MS = 2000;

const find = (id) => document.getElementById(id);
const cards = new Map();
const player = new Player();
let timer;

function play(stream, key) {
  const url = `${hlsUrl(stream)}${key === '' ? '' : `?key=${encodeURIComponent(key)}`}`;
  void player.play(stream.name, url, () => cards.get(stream.name)?.focusKey());
}

function show(streams) {
  const names = new Set(streams.map(({ name }) => name));
  for (const [name, card] of cards) {
    if (names.has(name)) continue;
    card.remove();
    cards.delete(name);
  }
  for (const stream of streams) {
    let card = cards.get(stream.name);
    if (card === undefined) {
      card = new Card(play);
      cards.set(stream.name, card);
      find('streams').append(card.element);
    }
    card.show(stream);
  }
  find('empty').hidden = streams.length > 0;
  const running = streams.filter(({ state }) => state === 'running').length;
  setText(find('summary'), `${running} of ${streams.length} ${streams.length === 1 ? 'stream' : 'streams'} running`);
}

function askForToken() {
  const form = find('token-form');
  if (hasToken()) find('token-hint').textContent = 'That was not the token. It is http.token of the configuration.';
  setText(find('summary'), '');
  if (!form.hidden) return;
  form.hidden = false;
  find('token').focus();
}

async function look() {
  clearTimeout(timer);
  try {
    const streams = await fetchStreams();
    find('token-form').hidden = true;
    show(streams);
  } catch (error) {
    if (error instanceof TokenNeeded) {
      askForToken();
      return;
    }
    setText(find('summary'), 'The server cannot be reached');
  }
  // Nobody sees a page in the background.
  timer = setTimeout(look, LOOK_MS);
}

find('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  setToken(find('token').value);
  find('token').value = '';
  void look();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else void look();
});
void look();
