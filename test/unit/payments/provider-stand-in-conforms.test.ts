import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { type ProviderRecord, providerStandIn } from '../../../functions/payments/provider-stand-in.ts';
import { chargesToTheStandIn } from '../../conformance/calls-to-the-stand-ins.ts';
import { standInConformance } from '../../conformance/outside.ts';

standInConformance(
  'the payment provider in memory',
  () => providerStandIn(new InMemoryStandInMemory<ProviderRecord>()),
  chargesToTheStandIn,
);
