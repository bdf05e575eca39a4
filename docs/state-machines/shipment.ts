import type { CarrierOutcome } from '../../functions/shipping/carrier.ts';
import { type Shipment, shipment } from '../../functions/shipping/decider.ts';
import { OrderConfirmed } from '../../schemas/generated/facts.ts';
import { answered, heard, portrait, taken } from './portrait.ts';

const states = {
  unknown: 'passing',
  due: 'passing',
  dispatching: 'passing',
  overdue: 'passing',
  failed: 'end',
  dispatched: 'end',
} as const;

function nameOf(shipment: Shipment): keyof typeof states {
  switch (shipment.kind) {
    case 'idle':
      return 'due';
    case 'attempted':
      return shipment.overdue ? 'overdue' : 'dispatching';
    case 'unknown':
    case 'dispatched':
    case 'failed':
      return shipment.kind;
  }
}

const outcome = {
  dispatched: { type: 'Dispatched', data: { trackingCode: 'track-1' } },
  refused: { type: 'DispatchRefused', data: { reason: 'carrier_refused' } },
  notFound: { type: 'DispatchNotFound', data: null },
} as const satisfies Readonly<Record<string, CarrierOutcome>>;

export const shipmentPortrait = portrait({
  aggregate: shipment,
  file: 'functions/shipping/decider.ts',
  about:
    'A shipment is dispatched once, or fails once. `DispatchDeadlinePassed` fails what has not been begun; what has been begun is overdue from then on, and the carrier is asked what became of it.',
  states,
  nameOf,
  // From the second on, all rounds are alike.
  essenceOf: (shipment) => ('round' in shipment ? { ...shipment, round: Math.min(shipment.round, 1) } : shipment),
  inputs: {
    OrderConfirmed: heard(OrderConfirmed),
    DispatchDeadlinePassed: taken(OrderConfirmed, 'DispatchDeadlinePassed', ({ orderId }) => ({ orderId })),
    Dispatched: answered(outcome.dispatched),
    DispatchRefused: answered(outcome.refused),
    DispatchNotFound: answered(outcome.notFound),
  },
  outcomes: () => {
    return { name: 'dispatch', performed: [outcome.dispatched, outcome.refused], notFound: outcome.notFound };
  },
});
