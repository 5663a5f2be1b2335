import { setText } from './card.js';

/** Milliseconds before what failed is tried again. */
const RETRY_MS = 2000;
/** As large as a whole package: loaded when somebody wants to watch. */
const HLS = new URL('./hls.mjs', import.meta.url).href;

/** Plays HLS with low latency: with hls.js, or by the browser itself where that cannot. */
export class Player {
  #section = document.getElementById('player');
  #video = document.getElementById('video');
  #note = document.getElementById('player-note');
  /** Changes all the time, which nobody wants to be told. */
  #delay = document.getElementById('player-delay');
  #hls;
  #retry;
  #shown;
  /** Of what is played now; what comes late for something else is passed over. */
  #turn = 0;

  constructor() {
    document.getElementById('player-close').addEventListener('click', () => this.close());
    setInterval(() => this.#showDelay(), 1000);
  }

  /** The name of what is played. */
  get playing() {
    return this.#shown;
  }

  /** @param onRefused is called when the key is missing or wrong. */
  async play(name, url, onRefused) {
    this.#stop();
    const turn = ++this.#turn;
    this.#shown = name;
    document.getElementById('player-title').textContent = name;
    this.#section.hidden = false;
    this.#section.scrollIntoView({ block: 'nearest' });
    setText(this.#note, 'Loading …');
    const { default: Hls } = await import(HLS);
    if (turn !== this.#turn) return;
    if (Hls.isSupported()) this.#playWith(Hls, url, onRefused);
    else this.#playNatively(url);
  }

  close() {
    this.#stop();
    this.#turn++;
    this.#shown = undefined;
    this.#section.hidden = true;
  }

  #playWith(Hls, url, onRefused) {
    const hls = new Hls({ lowLatencyMode: true, enableWorker: false, backBufferLength: 30 });
    this.#hls = hls;
    hls.on(Hls.Events.ERROR, (_, { fatal, type, response }) => {
      if (!fatal) return;
      if (response?.code === 403) {
        this.#stop();
        setText(this.#note, 'This stream wants its play key.');
        onRefused();
      } else if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else this.#again(() => this.#playWith(Hls, url, onRefused));
    });
    hls.on(Hls.Events.FRAG_BUFFERED, () => setText(this.#note, ''));
    hls.loadSource(url);
    hls.attachMedia(this.#video);
  }

  #playNatively(url) {
    if (this.#video.canPlayType('application/vnd.apple.mpegurl') === '') {
      setText(this.#note, 'This browser cannot play HLS.');
      return;
    }
    this.#video.onerror = () => this.#again(() => this.#playNatively(url));
    this.#video.onplaying = () => setText(this.#note, '');
    this.#video.src = url;
  }

  #again(play) {
    this.#stop();
    setText(this.#note, 'The stream cannot be loaded now. It is tried again.');
    this.#retry = setTimeout(play, RETRY_MS);
  }

  #showDelay() {
    const { latency = 0 } = this.#hls ?? {};
    this.#delay.textContent = latency > 0 ? `${latency.toFixed(1)} s behind the newest picture` : '';
  }

  #stop() {
    clearTimeout(this.#retry);
    this.#hls?.destroy();
    this.#hls = undefined;
    this.#video.onerror = this.#video.onplaying = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }
}
