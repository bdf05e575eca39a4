import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FactType, FactTypes } from '../../functions/backbone/fact.ts';
import { subscription } from '../../functions/backbone/subscription.ts';
import { Consumer } from '../../lib/backbone/consumer.ts';
import { patternOf } from '../../lib/backbone/event-pattern.ts';
import * as generated from '../../schemas/generated/facts.ts';
import { app, type RuleProperties, resourcesOf, templateOf } from './synthesised.ts';

const facts: readonly FactType[] = Object.values(generated);
const consumers = app()
  .node.findAll()
  .filter((construct) => construct instanceof Consumer);
const rules = Object.values(resourcesOf<RuleProperties>(templateOf('dev'), 'AWS::Events::Rule'));

interface Pattern {
  readonly source?: readonly string[];
  readonly 'detail-type'?: readonly string[];
  readonly $or?: readonly Pattern[];
}

/** What EventBridge makes of a pattern, as far as rules for facts go. */
function matches(pattern: Pattern, fact: FactType): boolean {
  if (pattern.$or !== undefined) return pattern.$or.some((choice) => matches(choice, fact));
  return pattern.source?.includes(fact.source) === true && pattern['detail-type']?.includes(fact.type) === true;
}

describe('the rule of a subscription', () => {
  it.each(consumers)('selects the facts of its map and no other: $subscription.name', ({ subscription }) => {
    const rule = rules.find(({ Properties }) => Properties.Name === `factbus-${subscription.name}`);
    const selected = facts.filter((fact) => matches(rule?.Properties.EventPattern as Pattern, fact));

    expect(selected.map(({ type }) => type).sort()).toEqual(Object.keys(subscription.facts).sort());
  });

  it.each(consumers)('is of the context that handles it: $subscription.name', async ({ subscription, entry }) => {
    const ofContext: object = await import(join('../..', dirname(entry), 'subscriptions.ts'));

    expect(Object.values(ofContext)).toContain(subscription);
  });

  it('is the only kind of rule there is', () => {
    expect(rules.map(({ Properties }) => Properties.Name).sort()).toEqual(
      consumers.map(({ subscription }) => `factbus-${subscription.name}`).sort(),
    );
  });

  it('does not select a fact of the same name from another source', () => {
    const pattern = patternOf({ OrderPlaced: generated.OrderPlaced, PaymentFailed: generated.PaymentFailed });

    expect(matches(pattern, { ...generated.OrderPlaced, source: 'shop.payments' })).toBe(false);
    expect(matches(pattern, { ...generated.PaymentFailed, source: 'shop.payments' })).toBe(true);
  });

  it('is one pair of lists where all facts have one source', () => {
    expect(patternOf({ OrderShipped: generated.OrderShipped, OrderPlaced: generated.OrderPlaced })).toEqual({
      source: ['shop.orders'],
      'detail-type': ['OrderPlaced', 'OrderShipped'],
    });
  });

  it('is the same in whatever order the facts are listed', () => {
    const { OrderPlaced, InventoryReserved, OrderCancelled } = generated;

    expect(JSON.stringify(patternOf({ OrderCancelled, InventoryReserved, OrderPlaced }))).toBe(
      JSON.stringify(patternOf({ OrderPlaced, OrderCancelled, InventoryReserved })),
    );
  });
});

describe('a map that names a fact wrongly', () => {
  it('does not compile', () => {
    // @ts-expect-error: a fact goes by its own name
    subscription('orders', { OrderPlaced: generated.OrderConfirmed });
    // @ts-expect-error: what is listed is a fact
    subscription('orders', { OrderPlaced: 'OrderPlaced' });
    const wrong: FactTypes<'OrderPlaced'> = {
      // @ts-expect-error: nor by another's
      OrderPlaced: generated.OrderConfirmed,
    };

    expect(wrong).toBeDefined();
  });
});
