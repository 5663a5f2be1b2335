import { writeFile } from 'node:fs/promises';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../../../config/load-graph.js';
import { setOptions } from '../../../../config/set-options.js';
import { liveCadence } from '../../../../jobs/live-cadence.js';
import type { SeenText, TextsMeta } from '../../../../operators/text/texts-meta.js';
import { type TranslateTextOptions, translateText } from '../../../../operators/text/translate/translate-text.js';
import { VitascopeError } from '../../../../pipeline/errors.js';
import { attach, type VideoSample } from '../../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { carelessSource, collect, expectBalanced, framesFrom, settle, until } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { choiceOf, FakeIdentifier, FakeTranslator, line } from './texts.js';

const path = workspace();

type Lines = readonly SeenText[];

/** Frames with the lines of their index. */
function withTexts(
  frames: Observable<VideoSample>,
  lines: (index: number) => Lines,
): Observable<VideoSample<TextsMeta>> {
  return frames.pipe(map((sample) => attach(sample, { texts: lines(sample.frame.index) })));
}

function network(): FakeTranslator {
  return new FakeTranslator({ 'Le chat dort': 'The cat sleeps', Boutique: 'Shop' }, ['fr', 'de']);
}

const identifier = () =>
  new FakeIdentifier({ chat: { fr: 0.8, en: 0.5 }, boutique: { fr: 0.68, de: 0.68 }, cat: { en: 0.8, fr: 0.4 } });

function faked(options: TranslateTextOptions = {}): TranslateTextOptions {
  return { translators: choiceOf(network()), identifier: identifier(), ...options };
}

/** What comes out, frame by frame, as `language: translation`. */
async function translated(count: number, lines: (index: number) => Lines, options: TranslateTextOptions) {
  const found: Lines[] = [];
  const result = await collect(withTexts(framesFrom(count), lines).pipe(translateText(options)), ({ meta }) =>
    found.push((meta as TextsMeta).texts),
  );
  return {
    ...result,
    found,
    words: found.map((texts) => texts.map(({ language, translation }) => `${language}: ${translation}`)),
  };
}

describe('translateText', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => withTexts(source, (i) => [line(1, `Le chat dort ${i}`)]).pipe(translateText(faked())),
    synchronous: false,
  });

  it('gives texts their language and their translation, and leaves the rest of them as it was', () =>
    expectBalanced(async () => {
      const { found } = await translated(1, () => [line(3, 'LE CHAT DORT'), line(4, '12:30')], faked());
      const [cat, time] = [line(3, 'LE CHAT DORT'), line(4, '12:30')];
      expect(found).toEqual([[{ ...cat, language: 'fr', translation: 'THE CAT SLEEPS' }, time]]);
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    }));

  it('translates each text once, however many frames it is in', () =>
    expectBalanced(async () => {
      const translator = network();
      const { words } = await translated(
        5,
        () => [line(1, 'Le chat dort')],
        faked({ translators: choiceOf(translator) }),
      );
      expect(words).toEqual(Array(5).fill(['fr: The cat sleeps']));
      expect(translator.asked).toEqual([['Le chat dort']]);
    }));

  it('tells the language of a short text by the others, as soon as they are there', () =>
    expectBalanced(async () => {
      const lines = (i: number): Lines => [line(1, 'Boutique'), ...(i < 1 ? [] : [line(2, 'Le chat dort')])];
      const { words } = await translated(2, lines, faked());
      expect(words).toEqual([['undefined: undefined'], ['fr: Shop', 'fr: The cat sleeps']]);
    }));

  it('leaves texts in the language that is wanted', () =>
    expectBalanced(async () => {
      const translator = network();
      const { words } = await translated(1, () => [line(1, 'The cat')], faked({ translators: choiceOf(translator) }));
      expect(words).toEqual([['en: undefined']]);
      expect(translator.asked).toEqual([]);
    }));

  it('asks nobody about the language when it is told', () =>
    expectBalanced(async () => {
      const asked = identifier();
      const { words } = await translated(1, () => [line(1, 'Boutique')], faked({ from: 'fr', identifier: asked }));
      expect(words).toEqual([['fr: Shop']]);
      expect(asked.asked).toEqual([]);
    }));

  it('spreads the translation of lines that go on over these lines', () =>
    expectBalanced(async () => {
      const { found } = await translated(1, () => [line(1, 'Le chat', 1), line(2, 'dort', 2)], faked());
      expect(found[0]?.map(({ translation }) => translation)).toEqual(['The cat', 'sleeps']);
    }));

  it('takes lines that are a sign together for one', () =>
    expectBalanced(async () => {
      const { found } = await translated(
        1,
        () => [line(1, 'CHIEN', 1), line(2, 'MÉCHANT', 2), line(3, 'SORTIE', 3)],
        faked(),
      );
      expect(found[0]?.map(({ translation }) => translation)).toEqual(['BEWARE', 'OF THE DOG', 'EXIT']);
    }));

  it('takes a glossary from a file, and signs from the list', () =>
    expectBalanced(async () => {
      await writeFile(path('own.csv'), 'source,target\nle chat dort,the cat is having a nap\n');
      const lines = [line(1, 'Le chat dort'), line(2, 'SORTIE')];
      const { words } = await translated(1, () => lines, faked({ glossary: path('own.csv') }));
      expect(words).toEqual([['undefined: the cat is having a nap', 'fr: EXIT']]);
    }));

  it('bears 500 lines', () =>
    expectBalanced(async () => {
      const wall = Array.from({ length: 500 }, (_, i) => line(i + 1, `Le chat dort ${i} fois`));
      const { found } = await translated(3, () => wall, faked());
      expect(found.map((texts) => texts.length)).toEqual([500, 500, 500]);
    }));

  it('disposes what it opened', () =>
    expectBalanced(async () => {
      const [translator, tells] = [network(), identifier()];
      await translated(1, () => [line(1, 'Le chat dort')], { translators: choiceOf(translator), identifier: tells });
      await until(() => tells.closed);
      expect([translator.disposed, tells.closed]).toEqual([1, true]);
    }));

  it('fails with what the network fails with', () =>
    expectBalanced(async () => {
      const broken = new VitascopeError('WORKER_LOST', 'gone');
      const translators = { from: ['fr'], open: () => Promise.reject(broken) };
      const { error } = await translated(2, () => [line(1, 'Le chat dort')], faked({ translators }));
      expect(error).toBe(broken);
    }));
});

describe('translateText on live video', () => {
  /** A network that answers when the test lets it. */
  class SlowTranslator extends FakeTranslator {
    release: () => void = () => undefined;
    readonly #held = new Promise<void>((resolve) => {
      this.release = resolve;
    });

    override async translate(texts: readonly string[]) {
      await this.#held;
      return super.translate(texts);
    }
  }

  it('lets frames pass while the network works, and attaches translations when they are there', () =>
    expectBalanced(async () => {
      const slow = new SlowTranslator({ 'Le chat dort': 'The cat sleeps' });
      const { frames, emit } = source([line(1, 'Le chat dort')]);
      const words: (string | undefined)[] = [];
      const out = frames.pipe(translateText(faked({ every: 'auto', translators: choiceOf(slow) })));
      const subscription = out.subscribe(({ frame, meta }) => {
        words.push(meta.texts[0]?.translation);
        frame.close();
      });
      emit(3);
      await until(() => words.length === 3);
      expect(words).toEqual([undefined, undefined, undefined]);
      slow.release();
      await until(() => slow.asked.length > 0);
      await settle();
      emit(1);
      await until(() => words.length === 4);
      expect(words[3]).toBe('The cat sleeps');
      subscription.unsubscribe();
    }));

  it('opens the first network before a text comes, and says what fails only where a text wants it', () =>
    expectBalanced(async () => {
      const asked: string[] = [];
      const open = async (from: string) => {
        asked.push(from);
        throw new VitascopeError('WORKER_LOST', 'gone');
      };
      const { frames, emit } = source([]);
      let [seen, error] = [0, undefined as unknown];
      const out = frames.pipe(translateText(faked({ every: 'auto', translators: { from: ['fr', 'de'], open } })));
      const subscription = out.subscribe({
        next: ({ frame }) => {
          seen++;
          frame.close();
        },
        error: (e: unknown) => (error = e),
      });
      emit(2);
      await until(() => seen === 2 && asked.length > 0);
      await settle();
      expect([asked, error]).toEqual([['fr'], undefined]);
      subscription.unsubscribe();
    }));

  it('gives no live frame before the first network is open', () =>
    expectBalanced(async () => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const open = async () => {
        await held;
        return new FakeTranslator({});
      };
      const { frames, emit } = source([]);
      let seen = 0;
      const out = frames.pipe(translateText(faked({ every: 'auto', translators: { from: ['fr'], open } })));
      const subscription = out.subscribe(({ frame }) => {
        seen++;
        frame.close();
      });
      emit(2);
      await settle();
      expect(seen).toBe(0);
      release();
      await until(() => seen === 2);
      subscription.unsubscribe();
    }));

  it('fails, some frames later, with what the network fails with', () =>
    expectBalanced(async () => {
      const broken = new VitascopeError('WORKER_LOST', 'gone');
      const open = async () => {
        throw broken;
      };
      const { frames, emit } = source([line(1, 'Le chat dort')]);
      let error: unknown;
      const out = frames.pipe(translateText(faked({ every: 'auto', translators: { from: ['fr'], open } })));
      out.subscribe({ next: ({ frame }) => frame.close(), error: (e: unknown) => (error = e) });
      await until(() => {
        if (error === undefined) emit(1);
        return error !== undefined;
      });
      expect(error).toBe(broken);
    }));

  it('is what liveCadence makes of a graph', async () => {
    const graph = liveCadence(await loadGraph('translate'));
    expect(graph.nodes.find(({ operator }) => operator.name === 'translate-text')?.options).toMatchObject({
      every: 'auto',
    });
  });

  /** Frames that the test emits. */
  function source(lines: Lines) {
    const careless = carelessSource();
    let next = 0;
    const emit = (count: number): void => {
      for (let i = 0; i < count; i++) careless.emit(next++);
    };
    return { frames: withTexts(careless.frames, () => lines), emit };
  }
});

describe('options of translateText', () => {
  it.each([
    [{ to: 'English' }, 'to: must be a language such as en'],
    [{ every: 3 }, 'every'],
    [{ minScore: 2 }, 'minScore'],
    [{ from: 'en', to: 'en' }, 'from and to must be two languages'],
  ])('%o are refused', (options, message) => {
    expect(() => translateText(options as TranslateTextOptions)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('name models that would do when there is none', () => {
    expect(() => translateText({ from: 'fi', to: 'sw' })).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
    expect(() => translateText({ model: 'opus-mt-nowhere' })).toThrow(
      expect.objectContaining({ code: 'MODEL_NOT_FOUND' }),
    );
    expect(() => translateText({ model: './none' })).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
  });

  it('are set on the preset', async () => {
    const graph = setOptions(await loadGraph('translate'), ['translate.to=fr', 'translate.from=en']);
    expect(graph.nodes.find(({ name }) => name === 'translate')?.options).toMatchObject({ to: 'fr', from: 'en' });
  });
});
