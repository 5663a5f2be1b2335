import { describe, expect, it } from 'vitest';
import { OrderedDelivery } from '../../models/ordered-delivery.js';

describe('OrderedDelivery', () => {
  it('holds results back until those before them are there', () => {
    const delivery = new OrderedDelivery<string>();
    const seen: number[] = [];
    const [first, second, third] = [delivery.join('a'), delivery.join('a'), delivery.join('a')] as const;
    third(() => seen.push(3));
    second(() => seen.push(2));
    expect(seen).toEqual([]);
    first(() => seen.push(1));
    expect(seen).toEqual([1, 2, 3]);
  });

  it('does not let one stream wait for another', () => {
    const delivery = new OrderedDelivery<string>();
    const seen: string[] = [];
    delivery.join('a');
    delivery.join('b')(() => seen.push('b'));
    expect(seen).toEqual(['b']);
  });
});
