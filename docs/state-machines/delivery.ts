import { type Delivery, delivery } from '../../functions/inventory/delivery.ts';
import { StockReceived } from '../../schemas/generated/facts.ts';
import { callsNobody, heard, portrait } from './portrait.ts';

const states = { expected: 'passing', booked: 'end' } as const;

function nameOf(delivery: Delivery): keyof typeof states {
  return delivery;
}

export const deliveryPortrait = portrait({
  aggregate: delivery,
  file: 'functions/inventory/delivery.ts',
  about: 'A delivery of a SKU is booked once, however often it is told of.',
  states,
  nameOf,
  inputs: { StockReceived: heard(StockReceived) },
  outcomes: callsNobody,
});
