import type { Fact } from '../../functions/backbone/fact.ts';
import { orderIdOf } from '../../functions/orders/decider.ts';
import type { CartCheckedOut, OrderCancellationRequested, StockReceived } from '../../schemas/generated/facts.ts';
import { deliveryPortrait } from './delivery.ts';
import { explore } from './explore.ts';
import { type Graph, graphOf } from './graph.ts';
import { type Machine, machineOf } from './machine.ts';
import { orderPortrait } from './order.ts';
import { paymentPortrait } from './payment.ts';
import { reservationPortrait } from './reservation.ts';
import { shipmentPortrait } from './shipment.ts';

/** Draws the aggregates of the shop, in the order in which an order passes them. */
export function shopGraphs(): readonly Graph[] {
  const ofOrder = [
    machineOf(orderPortrait),
    machineOf(reservationPortrait),
    machineOf(paymentPortrait),
    machineOf(shipmentPortrait),
  ];
  return [
    ...graphsOf(ofOrder, { 'amount > 0': orderAt(1250), 'amount 0': orderAt(0) }),
    ...graphsOf([machineOf(deliveryPortrait)], { 'any delivery': [stockReceived()] }),
  ];
}

/** @param cases what comes from outside, by what makes a difference */
function graphsOf(machines: readonly Machine[], cases: Readonly<Record<string, readonly Fact[]>>): readonly Graph[] {
  const explored = Object.entries(cases).map(([name, outside]) => ({ name, steps: explore(machines, outside) }));
  return machines.map((machine) => {
    return graphOf(machine, new Map(explored.map(({ name, steps }) => [name, steps.get(machine) ?? []])));
  });
}

/** A cart, and the wish to cancel its order. */
function orderAt(unitPrice: number): readonly Fact[] {
  const cartId = 'c1';
  const cart: CartCheckedOut = {
    cartId,
    customerId: 'cust-ada',
    currency: 'EUR',
    lines: [{ sku: 'tea-earl-grey', quantity: 2, unitPrice }],
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
  };
  const request: OrderCancellationRequested = { orderId: orderIdOf(cartId) };
  return [
    { type: 'CartCheckedOut', data: cart },
    { type: 'OrderCancellationRequested', data: request },
  ];
}

function stockReceived(): Fact {
  const data: StockReceived = { sku: 'tea-earl-grey', quantity: 100, deliveryId: 'd1' };
  return { type: 'StockReceived', data };
}
