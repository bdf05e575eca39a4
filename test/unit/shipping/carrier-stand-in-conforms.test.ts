import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { type CarrierRecord, carrierStandIn } from '../../../functions/shipping/carrier-stand-in.ts';
import { dispatchesByTheStandIn } from '../../conformance/calls-to-the-stand-ins.ts';
import { standInConformance } from '../../conformance/outside.ts';

standInConformance(
  'the carrier in memory',
  () => carrierStandIn(new InMemoryStandInMemory<CarrierRecord>()),
  dispatchesByTheStandIn,
);
