import { type Order, order, unsettled } from '../../functions/orders/decider.ts';
import {
  CartCheckedOut,
  InventoryReleased,
  InventoryReservationFailed,
  InventoryReserved,
  OrderCancellationRequested,
  OrderCancelled,
  OrderPlaced,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
} from '../../schemas/generated/facts.ts';
import { callsNobody, heard, portrait, taken } from './portrait.ts';

const states = {
  'not placed yet': 'passing',
  placed: 'passing',
  'stock held': 'passing',
  confirmed: 'passing',
  shipped: 'end',
  cancelled: 'end',
  'to be cancelled': 'passing',
  'to be undone': 'passing',
} as const;

function nameOf(order: Order): keyof typeof states {
  const { stage, stock } = order;
  switch (stage.kind) {
    case 'unknown':
      return stage.cancellationRequested ? 'to be cancelled' : 'not placed yet';
    case 'placed':
      return stock === 'held' ? 'stock held' : 'placed';
    case 'cancelled':
      return unsettled(order).length > 0 ? 'to be undone' : 'cancelled';
    case 'confirmed':
    case 'shipped':
      return stage.kind;
  }
}

export const orderPortrait = portrait({
  aggregate: order,
  file: 'functions/orders/decider.ts',
  about:
    'An order goes from its cart to its shipment or its cancellation, by what the other contexts answer. Once it is confirmed, only a shipment that fails cancels it. A cancelled order is to be undone as long as it is known to hold stock or money; `OrderSettlementDue` is the look whether that is over.',
  states,
  nameOf,
  inputs: {
    CartCheckedOut: heard(CartCheckedOut),
    OrderCancellationRequested: heard(OrderCancellationRequested),
    InventoryReserved: heard(InventoryReserved),
    InventoryReservationFailed: heard(InventoryReservationFailed),
    InventoryReleased: heard(InventoryReleased),
    PaymentCaptured: heard(PaymentCaptured),
    PaymentFailed: heard(PaymentFailed),
    PaymentRefunded: heard(PaymentRefunded),
    ShipmentDispatched: heard(ShipmentDispatched),
    ShipmentFailed: heard(ShipmentFailed),
    OrderDeadlinePassed: taken(OrderPlaced, 'OrderDeadlinePassed', ({ orderId }) => ({ orderId })),
    OrderSettlementDue: taken(OrderCancelled, 'OrderSettlementDue', ({ orderId }) => ({ orderId })),
  },
  outcomes: callsNobody,
});
