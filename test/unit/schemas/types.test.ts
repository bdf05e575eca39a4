import { expect, expectTypeOf, test } from 'vitest';
import type { FactOf, FactType, FactTypes } from '../../../functions/backbone/fact.ts';
import { shapeOf } from '../../../schemas/compiler/shape.ts';
import { comment, typeText } from '../../../schemas/compiler/types.ts';
import { type NotificationSent, OrderCancelled, OrderPlaced } from '../../../schemas/generated/facts.ts';

test('a fact is a value and the type of its data', () => {
  expectTypeOf(OrderPlaced).toExtend<FactType<'OrderPlaced', OrderPlaced>>();
  expectTypeOf<OrderPlaced['lines']>().toEqualTypeOf<
    readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[]
  >();
  expectTypeOf<OrderCancelled['reason']>().toEqualTypeOf<
    'out_of_stock' | 'payment_failed' | 'shipment_failed' | 'requested' | 'deadline_passed'
  >();
  expectTypeOf<NotificationSent>().toEqualTypeOf<{
    readonly orderId?: string;
    readonly customerId: string;
    readonly channel: 'email';
    readonly template: string;
    readonly notificationId: string;
  }>();
  expectTypeOf<FactOf<typeof OrderCancelled>>().toEqualTypeOf<{
    readonly type: 'OrderCancelled';
    readonly data: OrderCancelled;
  }>();
});

test('a validator narrows what it accepts', () => {
  const data: unknown = { orderId: 'order-c1', customerId: 'cus-7', reason: 'requested' };
  if (!OrderCancelled.accepts(data)) throw new Error('The data fits the schema');
  expectTypeOf(data).toEqualTypeOf<OrderCancelled>();
  expect(data.reason).toBe('requested');
});

/** Never called: these lines are there for the type checker, which fails if one of them compiles. */
export function misuse(order: OrderPlaced): unknown {
  const ids = { orderId: 'order-c1', customerId: 'cus-7' };
  // @ts-expect-error: no such reason
  const unknownReason: OrderCancelled = { ...ids, reason: 'bored' };
  // @ts-expect-error: the reason is missing
  const incomplete: OrderCancelled = ids;
  // @ts-expect-error: no such field
  const misspelled: OrderCancelled = { ...ids, reason: 'requested', reasn: 'requested' };
  // @ts-expect-error: facts do not change
  order.total = 0;
  // @ts-expect-error: nor do their lines
  order.lines.push({ sku: 'sku-mug', quantity: 1, unitPrice: 1 });
  // @ts-expect-error: the name is that of another fact
  const misnamed: FactTypes<'OrderPlaced'> = { OrderPlaced: OrderCancelled };
  return [unknownReason, incomplete, misspelled, misnamed];
}

test('types are read-only all the way down, documented, and tell what is optional', () => {
  const item = { description: 'A tag.', examples: ['a'], type: 'string', enum: ['a', 'b'] };
  const shape = shapeOf(
    {
      type: 'object',
      required: ['tags'],
      properties: {
        tags: { description: 'Tags.', examples: [[['a']]], type: 'array', items: { type: 'array', items: item } },
        kind: { description: 'Ends the comment: */', examples: [1], type: 'integer', const: 1 },
        point: { $ref: '#/$defs/point', description: 'Where.', examples: [{ x: 0.5 }] },
      },
      $defs: {
        point: {
          type: 'object',
          required: ['x'],
          properties: { x: { description: 'Eastward.', examples: [0.5], type: 'number' } },
        },
      },
    },
    (pointer, message) => expect.fail(`${pointer} ${message}`),
  );
  expect(typeText(shape)).toBe(`{
  /** Tags. */
  readonly tags: readonly (readonly ("a" | "b")[])[];
  /** Ends the comment: *\\/ */
  readonly kind?: 1;
  /** Where. */
  readonly point?: {
    /** Eastward. */
    readonly x: number;
  };
}`);
});

test('long comments are wrapped', () => {
  expect(comment(`${'word '.repeat(40)}end.`)).toBe(
    `/**\n * ${'word '.repeat(22).trim()}\n * ${'word '.repeat(18)}end.\n */\n`,
  );
});
