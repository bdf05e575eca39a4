import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FactType } from '../../functions/backbone/fact.ts';

/**
 * Sends a fact as anybody would by hand: the bare data, without metadata.
 *
 * @returns the id that EventBridge gave it
 */
export async function send<Data>(
  client: EventBridgeClient,
  busName: string,
  { source, type }: FactType<string, Data>,
  data: Data,
): Promise<string> {
  const entry = { EventBusName: busName, Source: source, DetailType: type, Detail: JSON.stringify(data) };
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  const [answer] = Entries;
  if (answer?.EventId === undefined) {
    throw new Error(`the bus ${busName} refused ${type}: ${answer?.ErrorCode ?? ''} ${answer?.ErrorMessage ?? ''}`);
  }
  return answer.EventId;
}
