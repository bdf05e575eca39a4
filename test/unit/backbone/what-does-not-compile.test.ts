import { test } from 'vitest';
import { type Aggregate, commit } from '../../../functions/backbone/aggregate.ts';
import type { Fact, FactOf } from '../../../functions/backbone/fact.ts';
import { NO_OUTSIDE, type Outside } from '../../../functions/backbone/outside.ts';
import type { Route } from '../../../functions/backbone/reactor.ts';
import { type ReactorPorts, type Streams, streams } from '../../../functions/backbone/stream-reactor.ts';
import { OrderCancelled, type OrderPlaced, OrderShipped } from '../../../schemas/generated/facts.ts';
import { type ErrandCall, type ErrandOutcome, errand } from './errand-aggregate.ts';
import { jar } from './jar-aggregate.ts';

// Nothing here runs: the compiler is the one that is tested. Where it accepts, its own unused directive is the failure.

type Asked = Fact<'CancellationAsked', null>;
type Sealed = Fact<'OrderSealed', null>;

const publishes = { OrderCancelled, OrderShipped };
const name = 'order';
const initialState = null;
const evolve = () => null;
const snapshots = { every: 20, rememberCauses: 40, stateVersion: 1 };
const data = { orderId: 'order-c1', customerId: 'cus-7', reason: 'requested' } as const;

type Closing = Aggregate<null, Asked, typeof publishes, Sealed>;
const rest = { name, initialState, evolve, snapshots };

const closes = (closing: Closing): Closing => closing;
const forTheCompilerAlone = (_: unknown): void => undefined;

test('a fact that fits its schema compiles, and so does one that is not published', () => {
  const sealed: Sealed = { type: 'OrderSealed', data: null };
  closes({
    ...rest,
    decide: () => commit([{ type: 'OrderCancelled', data }, sealed]),
    publishes,
  });
});

test('a published fact whose data does not fit its schema does not compile', () => {
  closes({
    ...rest,
    // @ts-expect-error the customer and the reason are missing
    decide: () => commit([{ type: 'OrderCancelled', data: { orderId: 'order-c1' } }]),
    publishes,
  });
  closes({
    ...rest,
    // @ts-expect-error not a reason that the schema knows
    decide: () => commit([{ type: 'OrderCancelled', data: { ...data, reason: 'bored' } }]),
    publishes,
  });
});

test('a fact that is neither published nor an own one does not compile', () => {
  closes({
    ...rest,
    // @ts-expect-error nobody has declared OrderLost
    decide: () => commit([{ type: 'OrderLost', data: null }]),
    publishes,
  });
});

test('a published fact that is left out of `publishes` does not compile', () => {
  const decide = () => commit([]);
  // @ts-expect-error OrderShipped is missing
  closes({ ...rest, decide, publishes: { OrderCancelled } });
  // @ts-expect-error all are missing
  closes({ ...rest, decide });
});

test('a published fact under the name of another does not compile', () => {
  const swapped = { OrderCancelled: OrderShipped };
  const decide = () => commit([]);
  const closesSwapped = (closing: Aggregate<null, Asked, typeof swapped>) => closing;
  // @ts-expect-error OrderShipped is not OrderCancelled
  closesSwapped({ ...rest, decide, publishes: swapped });
});

test('an aggregate that calls needs somebody to call', () => {
  forTheCompilerAlone((ports: ReactorPorts, outside: Outside<ErrandCall, ErrandOutcome>) => {
    streams(errand, outside, ports);
    streams(jar, NO_OUTSIDE, ports);
    // @ts-expect-error nobody would take its calls
    streams(errand, NO_OUTSIDE, ports);
  });
});

test('a service that takes other calls does not compile', () => {
  forTheCompilerAlone(
    (ports: ReactorPorts, outside: Outside<ErrandCall & { readonly parcel: string }, ErrandOutcome>) => {
      // @ts-expect-error its calls have no parcel
      streams(errand, outside, ports);
    },
  );
});

test('a route to streams that need more than the fact tells does not compile', () => {
  type Placed = FactOf<typeof OrderPlaced>;
  const id = ({ orderId }: OrderPlaced) => orderId;
  const routes = (
    any: Streams<Fact>,
    fitting: Streams<Placed>,
    more: Streams<Fact<'OrderPlaced', OrderPlaced & { readonly isGift: boolean }>>,
  ): Route<Placed>[] => [
    { to: any, id },
    { to: fitting, id },
    // @ts-expect-error nobody tells whether it is a gift
    { to: more, id },
  ];
  forTheCompilerAlone(routes);
});
