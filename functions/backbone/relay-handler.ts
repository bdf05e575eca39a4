import { awsRelayPorts } from './aws-relay-ports.ts';
import { relayFunction } from './relay-function.ts';

export const handler = relayFunction(awsRelayPorts());
