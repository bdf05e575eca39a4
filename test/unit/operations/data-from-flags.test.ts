import { describe, expect, it } from 'vitest';
import { compose } from '../../../operations/facts/compose.ts';
import { findFact, validate } from '../../../operations/facts/find-fact.ts';
import { OperatorError } from '../../../operations/failure.ts';
import { shop } from '../../../operations/shop.ts';
import { StockReceived } from '../../../schemas/generated/facts.ts';

describe('single values', () => {
  it('make objects and lists on their way', () => {
    const settings = [
      'cartId=c1',
      'lines.0.sku=mug',
      'lines.0.quantity:=2',
      'lines.1.sku=tea',
      'gift:={"wrap":true}',
      'gift.note=',
    ];
    expect(compose(undefined, settings)).toEqual({
      cartId: 'c1',
      lines: [{ sku: 'mug', quantity: 2 }, { sku: 'tea' }],
      gift: { wrap: true, note: '' },
    });
  });

  it('go into what is there, which is left as it was', () => {
    const base = { lines: [{ sku: 'mug', quantity: 2 }], cartId: 'c1' };
    expect(compose(base, ['lines.0.quantity:=3', 'cartId=a=b'])).toEqual({
      lines: [{ sku: 'mug', quantity: 3 }],
      cartId: 'a=b',
    });
    expect(base.lines[0]?.quantity).toBe(2);
  });

  it.each([
    ['no value', 'cartId'],
    ['what is not JSON', 'quantity:=two'],
    ['a path through a text', 'cartId.deep=1'],
    ['a name in a list', 'lines.first=1'],
    ['a place that leaves a gap', 'lines.5.sku=mug'],
  ])('refuse %s', (_, setting) => {
    expect(() => compose({ cartId: 'c1', lines: [] }, [setting])).toThrow(OperatorError);
  });

  it('cannot reach a prototype', () => {
    expect(Object.getPrototypeOf(compose({}, ['__proto__.polluted=yes']))).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});

describe('a fact', () => {
  it('is found by its name, whatever the case', () => {
    expect(findFact(shop.facts, 'stockreceived')).toBe(StockReceived);
  });

  it('that is not known is answered with those that come near', () => {
    expect(() => findFact(shop.facts, 'StockRecieved')).toThrow(
      expect.objectContaining({ exit: 2, remedies: ['Do you mean StockDepleted, StockReceived?'] }),
    );
  });

  it('does not take data that does not fit, and says of each fault where it is', () => {
    expect(() => validate(StockReceived, { sku: 'mug', quantity: 0 })).toThrow(
      expect.objectContaining({
        exit: 2,
        message: [
          'The data does not fit StockReceived in version 1:',
          "    data must have required property 'deliveryId'",
          '    data/quantity must be >= 1',
        ].join('\n'),
      }),
    );
  });
});
