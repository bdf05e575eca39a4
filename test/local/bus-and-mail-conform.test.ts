import { CreateEventBusCommand, DeleteEventBusCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../functions/backbone/clock.ts';
import { EventBridgePublisher } from '../../functions/backbone/eventbridge-publisher.ts';
import { SesMailer } from '../../functions/notifications/mailer.ts';
import { SEED } from '../../localstack/shop/seed.ts';
import { openTap, type Tap, type Tapped } from '../../localstack/shop/tap.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { mailerConformance } from '../conformance/mailer.ts';
import { publisherConformance } from '../conformance/publisher.ts';
import { clients, mailsTo, unique } from './shop.ts';

/** A bus of the test's own: on a deployed one, the shop's facts would come through too. */
const bus = unique('bus');
const arrivals: Tapped[] = [];
let tap: Tap;

beforeAll(async () => {
  await clients.events.send(new CreateEventBusCommand({ Name: bus }));
  tap = await openTap(clients, bus);
});

afterAll(async () => {
  await tap.close();
  await clients.events.send(new DeleteEventBusCommand({ Name: bus }));
});

publisherConformance('the publisher on EventBridge', () => ({
  publisher: new EventBridgePublisher(clients.events, { bus, clock: systemClock }),
  arrived: async (flow, count) =>
    await waitFor(`${count} facts of the flow ${flow}`, async () => {
      arrivals.push(...(await tap.next()));
      const own = arrivals.filter(({ metadata }) => metadata.correlationId === flow);
      return own.length >= count ? own : undefined;
    }),
}));

mailerConformance('the mailer on SES', () => ({
  mailer: new SesMailer(clients.mail, SEED.mailFrom),
  arrived: async (address, count) =>
    await waitFor(`${count} mails to ${address}`, async () => {
      const mails = await mailsTo(address);
      return mails.length >= count ? mails : undefined;
    }),
}));
