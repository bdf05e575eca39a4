import { awsRelayPorts } from '../backbone/aws-relay-ports.ts';
import { relayFunction } from '../backbone/relay-function.ts';
import { stockDepleted } from './stock.ts';

export const handler = relayFunction(awsRelayPorts(), stockDepleted);
