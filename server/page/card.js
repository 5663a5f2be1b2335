import { fetchPicture } from './api.js';
import { figuresOf, Rates } from './figures.js';

const template = document.getElementById('card');
/** Milliseconds between two pictures of a card. */
const PICTURE_MS = 5000;
const states = {
  starting: 'starts',
  running: 'runs',
  waiting: 'waits for its restart',
  draining: 'ends',
  ended: 'has ended',
};

/** One stream in the list. Elements stay the same, so that focus and what was typed do. */
export class Card {
  element = template.content.firstElementChild.cloneNode(true);
  #rates = new Rates();
  #pictureAtMs = Number.NEGATIVE_INFINITY;
  #urls = '';
  #stream;

  /** @param onPlay is given the stream and its play key. */
  constructor(onPlay) {
    const play = () => onPlay(this.#stream, this.#key());
    this.#find('.picture').addEventListener('click', play);
    this.#find('.key').addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.#find('.picture').disabled) play();
    });
    this.#find('.key input').addEventListener('input', () => this.#showUrls());
  }

  show(stream) {
    this.#stream = stream;
    const { name, state, words } = stream;
    setText(this.#find('h3'), name);
    setText(this.#find('.state'), states[state] ?? state);
    this.#find('.state').dataset.state = state;
    setText(this.#find('.words'), words.join(' · '));
    const picture = this.#find('.picture');
    picture.disabled = hlsUrl(stream) === undefined;
    picture.setAttribute('aria-label', picture.disabled ? `${name} has no HLS to watch here` : `Watch ${name}`);
    const list = this.#find('dl');
    const figures = figuresOf(stream, this.#rates.next(stream));
    if (list.childElementCount === 0) list.append(...figures.map(([word]) => figure(word)));
    for (const [i, [, value]] of figures.entries()) setText(list.children[i].lastElementChild, value);
    this.#showUrls();
    if (state === 'running') void this.#showPicture(name);
  }

  focusKey() {
    this.#find('.key input').focus();
  }

  remove() {
    this.#dropPicture();
    this.element.remove();
  }

  #showUrls() {
    const key = this.#key();
    const urls = this.#stream.outputs
      .filter(({ kind }) => kind === 'rtmp' || kind === 'http-flv' || kind === 'hls')
      .map(({ url }) => (key === '' ? url : `${url}?key=${encodeURIComponent(key)}`));
    if (urls.join(' ') === this.#urls) return;
    this.#urls = urls.join(' ');
    this.#find('.urls').replaceChildren(...urls.map(urlLine));
  }

  async #showPicture(name) {
    if (performance.now() - this.#pictureAtMs < PICTURE_MS) return;
    this.#pictureAtMs = performance.now();
    const blob = await fetchPicture(name).catch(() => undefined);
    if (blob === undefined || !this.element.isConnected) return;
    this.#dropPicture();
    this.#find('.picture img').src = URL.createObjectURL(blob);
  }

  #dropPicture() {
    const { src } = this.#find('.picture img');
    if (src !== '') URL.revokeObjectURL(src);
  }

  #key() {
    return this.#find('.key input').value.trim();
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

/** Where HLS of a stream is on this server; nothing where there is none. */
export function hlsUrl(stream) {
  return stream.outputs.some(({ kind }) => kind === 'hls')
    ? `/hls/${encodeURIComponent(stream.name)}/index.m3u8`
    : undefined;
}

function figure(word) {
  const pair = document.createElement('div');
  const [term, value] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = word;
  pair.append(term, value);
  return pair;
}

function urlLine(url) {
  const [line, text, copy] = ['li', 'code', 'button'].map((name) => document.createElement(name));
  text.textContent = url;
  text.title = url;
  copy.type = 'button';
  copy.textContent = 'Copy';
  copy.setAttribute('aria-label', `Copy ${url}`);
  copy.addEventListener('click', () => void copyText(copy, text, url));
  line.append(text, copy);
  return line;
}

async function copyText(button, text, url) {
  try {
    await navigator.clipboard.writeText(url);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  } catch {
    // Pages without TLS from another machine may not; the text is selected to be copied by hand.
    getSelection().selectAllChildren(text);
  }
}

/** Screen readers announce what is set anew, also when it is the same. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
