import { awsRelayPorts } from '../backbone/aws-relay-ports.ts';
import { relayFunction } from '../backbone/relay-function.ts';
import { orderOutcome } from './outcome.ts';

export const handler = relayFunction({ ...awsRelayPorts(), outcomeOf: orderOutcome });
