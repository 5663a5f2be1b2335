import { Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mapOrdered } from '../../pipeline/frames/map-ordered.js';
import { createGraph, type Graph } from '../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../pipeline/metrics.js';
import type { OperatorDefinition } from '../../pipeline/operator.js';
import { ReplaceableGraph } from '../../pipeline/replaceable-graph.js';
import { attach, type VideoSample } from '../../pipeline/sample.js';
import {
  type Collected,
  collect,
  expectBalanced,
  failingFrames,
  framesFrom,
  settle,
  testSample,
} from '../helpers/frames.js';
import { testOperator } from '../helpers/operators.js';

interface MarkOptions {
  readonly mark: string;
  readonly holds: number;
}

/** What each instance waits for before a frame goes on, by its mark. */
type Doors = ReadonlyMap<string, { open(): void; readonly opened: Promise<void> }>;

function doors(...marks: string[]): Doors {
  return new Map(
    marks.map((mark) => {
      let open!: () => void;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return [mark, { open, opened }];
    }),
  );
}

/** Notes on each picture which instance made it, once its door is open. */
function marker(closed: Doors = new Map(), failing?: string): OperatorDefinition<MarkOptions> {
  return testOperator<MarkOptions>('mark', {
    options: z.strictObject({ mark: z.string(), holds: z.int().default(8) }) as never,
    demand: ({ holds }) => ({ holds, needs: holds }),
    create: ({ mark }) => {
      if (mark === 'refused') throw new Error('refused');
      return ([input]) => [
        (input as Observable<VideoSample>).pipe(
          mapOrdered(
            async (sample) => {
              await closed.get(mark)?.opened;
              if (mark === failing) throw new Error(`${mark} failed`);
              return attach(sample, { mark });
            },
            { concurrency: 8 },
          ),
        ),
      ];
    },
  });
}

const graphOf = (operator: OperatorDefinition<never>, mark: string, holds?: number): Graph =>
  createGraph({ nodes: { node: { use: operator as never, with: { mark, ...(holds && { holds }) } } } });

/** A source that is told when to emit, and what came out of a graph so far. */
function hand(graph: ReplaceableGraph, metrics = new GraphMetrics()) {
  const source = new Subject<VideoSample>();
  const marks: string[] = [];
  const done: Promise<Collected> = collect(graph.build(source, metrics), ({ meta }) =>
    marks.push((meta as { mark: string }).mark),
  );
  let index = 0;
  return { source, marks, done, metrics, emit: () => source.next(testSample(index++)) };
}

describe('ReplaceableGraph', () => {
  const slots = 16;

  it('is the graph when nothing replaces it', () =>
    expectBalanced(async () => {
      const graph = new ReplaceableGraph(graphOf(marker() as never, 'a'), { slots });
      const { indexes, error } = await collect(graph.build(framesFrom(5)));
      expect(indexes).toEqual([0, 1, 2, 3, 4]);
      expect(error).toBeUndefined();
    }));

  it('sends frames to the new instance from the next one on, without losing, doubling or reordering any', () =>
    expectBalanced(async () => {
      const closed = doors('a', 'b');
      const operator = marker(closed) as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const { emit, source, marks, done } = hand(graph);
      emit();
      emit();
      graph.replace(graphOf(operator, 'b'));
      emit();
      emit();
      closed.get('b')?.open();
      await settle();
      expect(marks, 'what the new one made waits for the old one').toEqual([]);
      closed.get('a')?.open();
      await settle();
      expect(marks).toEqual(['a', 'a', 'b', 'b']);
      emit();
      source.complete();
      expect(await done).toEqual({ indexes: [0, 1, 2, 3, 4], error: undefined });
      expect(marks.at(-1)).toBe('b');
    }));

  it('takes only the last of several that come between two frames', () =>
    expectBalanced(async () => {
      const operator = marker() as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const { emit, source, marks, done } = hand(graph);
      const begun: string[] = [];
      emit();
      await settle();
      for (const mark of ['b', 'c']) graph.replace(graphOf(operator, mark), () => begun.push(mark));
      expect(begun).toEqual(['b']);
      emit();
      await settle();
      expect(begun).toEqual(['b', 'c']);
      source.complete();
      await done;
      expect(marks).toEqual(['a', 'c']);
      expect(graph.graph.nodes[0]?.given).toMatchObject({ mark: 'c' });
    }));

  it('hands over from one to the next while all of them are still at work', () =>
    expectBalanced(async () => {
      const closed = doors('a', 'b', 'c');
      const operator = marker(closed) as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const { emit, source, marks, done } = hand(graph);
      for (const mark of ['b', 'c']) {
        emit();
        graph.replace(graphOf(operator, mark));
      }
      emit();
      source.complete();
      for (const mark of ['c', 'a', 'b']) {
        closed.get(mark)?.open();
        await settle();
      }
      expect(await done).toMatchObject({ indexes: [0, 1, 2] });
      expect(marks).toEqual(['a', 'b', 'c']);
    }));

  it('replaces before it is built, and does nothing after the end', () =>
    expectBalanced(async () => {
      const operator = marker() as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      graph.replace(graphOf(operator, 'b'));
      const { emit, source, marks, done } = hand(graph);
      emit();
      source.complete();
      await done;
      expect(marks).toEqual(['b']);
      let told = 0;
      graph.replace(graphOf(operator, 'c'), () => told++);
      expect(told).toBe(1);
    }));

  it('refuses other nodes, other operators and more frames than the pool has', () => {
    const operator = marker() as never;
    const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots: 4, sinkHolds: 2 });
    const refused = [
      createGraph({ nodes: { other: { use: operator, with: { mark: 'a' } } } }),
      createGraph({ nodes: { node: { use: testOperator('x') } } }),
      createGraph({ nodes: { node: { use: operator, with: { mark: 'a' } }, more: { use: testOperator('x') } } }),
      graphOf(operator, 'a', 6),
    ];
    for (const other of refused) {
      expect(() => graph.replace(other)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    }
    expect(graph.graph.nodes[0]?.given).toEqual({ mark: 'a' });
  });

  it('goes on as it was when the new one cannot be made', () =>
    expectBalanced(async () => {
      const operator = marker() as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a', 2), { slots });
      const { emit, source, marks, done } = hand(graph);
      expect(() => graph.replace(graphOf(operator, 'refused', 2))).toThrow('refused');
      emit();
      source.complete();
      await done;
      expect(marks).toEqual(['a']);
      expect(graph.graph.nodes[0]?.given).toMatchObject({ mark: 'a' });
    }));

  it.each(['a', 'b'])('fails when instance %s of two does, and closes what both hold', (failing) =>
    expectBalanced(async () => {
      const closed = doors('a', 'b');
      const operator = marker(closed, failing) as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const { emit, done } = hand(graph);
      emit();
      graph.replace(graphOf(operator, 'b'));
      emit();
      closed.get(failing)?.open();
      const { error } = await done;
      expect(error).toMatchObject({ code: 'OPERATOR_FAILED', context: { node: 'node' } });
      for (const door of closed.values()) door.open();
    }),
  );

  it('passes an error of the source on, and blames no node', () =>
    expectBalanced(async () => {
      const lost = new Error('lost');
      const graph = new ReplaceableGraph(graphOf(marker() as never, 'a'), { slots });
      expect((await collect(graph.build(failingFrames(2, lost)))).error).toBe(lost);
    }));

  it('closes everything when its receiver leaves in the middle of a change', () =>
    expectBalanced(async () => {
      const closed = doors('a', 'b');
      const operator = marker(closed) as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const source = new Subject<VideoSample>();
      const subscription = graph.build(source).subscribe(({ frame }) => frame.close());
      source.next(testSample(0));
      let told = 0;
      graph.replace(graphOf(operator, 'b'), () => told++);
      source.next(testSample(1));
      closed.get('b')?.open();
      await settle();
      expect(told).toBe(1);
      subscription.unsubscribe();
      expect(source.observed).toBe(false);
      for (const door of closed.values()) door.open();
    }));

  it('counts a node once, however many instances it had', () =>
    expectBalanced(async () => {
      const closed = doors('a');
      const operator = marker(closed) as never;
      const graph = new ReplaceableGraph(graphOf(operator, 'a'), { slots });
      const { emit, source, done, metrics } = hand(graph);
      emit();
      graph.replace(graphOf(operator, 'b'));
      emit();
      emit();
      await settle();
      expect(metrics.snapshot()).toMatchObject([{ node: 'node', framesIn: 3, framesOut: 2, inFlight: 1, dropped: 0 }]);
      closed.get('a')?.open();
      source.complete();
      await done;
      expect(metrics.snapshot()).toMatchObject([
        { node: 'node', framesIn: 3, framesOut: 3, inFlight: 0, dropped: 0, latencyHistogram: { count: 3 } },
      ]);
    }));

  it('waits for frames that an operator gives only at its end', () =>
    expectBalanced(async () => {
      const late = testOperator<MarkOptions>('mark', {
        options: z.strictObject({ mark: z.string() }) as never,
        create: ({ mark }) => {
          return ([input]) => [holdAll(input as Observable<VideoSample>, mark)];
        },
      }) as never;
      const graph = new ReplaceableGraph(graphOf(late, 'a'), { slots });
      const { emit, source, marks, done } = hand(graph);
      emit();
      emit();
      graph.replace(graphOf(late, 'b'));
      emit();
      expect(marks).toEqual(['a', 'a']);
      source.complete();
      expect(await done).toMatchObject({ indexes: [0, 1, 2] });
    }));
});

/** Gives everything when it ends. */
function holdAll(input: Observable<VideoSample>, mark: string): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const held: VideoSample[] = [];
    input.subscribe({
      next: (sample) => held.push(sample),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        for (const sample of held) subscriber.next(attach(sample, { mark }));
        subscriber.complete();
      },
    });
  });
}
