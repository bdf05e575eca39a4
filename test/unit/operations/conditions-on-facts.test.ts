import { describe, expect, it } from 'vitest';
import { allOf, parseCondition } from '../../../operations/facts/filter.ts';
import { OperatorError } from '../../../operations/failure.ts';

const fact = {
  metadata: { id: 'e1', hops: 3, time: '2026-01-31T12:00:00.000Z' },
  data: {
    orderId: 'order-c1',
    currency: 'EUR',
    total: 1500,
    isGift: false,
    note: 'for Ada, "with care"',
    lines: [
      { sku: 'mug-blue', quantity: 2 },
      { sku: 'tea-earl-grey', quantity: 10 },
    ],
    data: { nested: 'yes' },
  },
};

describe('a condition holds', () => {
  it.each([
    'orderId=order-c1',
    'orderId = order-c1',
    'data.orderId=order-c1',
    'data.nested=yes',
    'total=1500',
    'total=1500.0',
    'total>1499',
    'total>=1500',
    'total<=1500',
    'isGift=false',
    'note~WITH CARE',
    'note=for Ada, "with care"',
    'currency!=USD',
    'missing!=anything',
    'lines.*.sku=mug-blue',
    'lines.1.quantity>9',
    'lines.*.quantity>9',
    'lines.*.sku!=mug-red',
    'metadata.hops>2',
    'metadata.time>=2026-01-31',
    'currency',
    '!missing',
  ])('%s', (condition) => {
    expect(parseCondition(condition)(fact)).toBe(true);
  });
});

describe('a condition does not hold', () => {
  it.each([
    'orderId=order-c',
    'total=15',
    'total>1500',
    'total>abc',
    'total<abc',
    'isGift>0',
    'lines.*.sku!=mug-blue',
    'lines.2.sku=mug-blue',
    'currency.code=EUR',
    'constructor',
    'lines.length>0',
    'metadata.time<2026-01-31',
    'missing',
    '!currency',
  ])('%s', (condition) => {
    expect(parseCondition(condition)(fact)).toBe(false);
  });
});

it.each(['', '=', '=1', 'a b=1', '!total=1', 'lines..sku=1', 'to&tal=1'])('"%s" is no condition', (text) => {
  expect(() => parseCondition(text)).toThrow(OperatorError);
});

it('all conditions must hold', () => {
  const conditions = ['total>1000', 'currency=EUR'].map(parseCondition);
  expect(allOf(conditions)(fact)).toBe(true);
  expect(allOf([...conditions, parseCondition('total>2000')])(fact)).toBe(false);
});
