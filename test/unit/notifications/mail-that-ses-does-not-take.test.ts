import { SESClient } from '@aws-sdk/client-ses';
import { expect, test } from 'vitest';
import { SesMailer } from '../../../functions/notifications/mailer.ts';

test("the error of a mail that SES does not take holds no address of the customer's", async () => {
  const client = new SESClient({ region: 'eu-central-1', maxAttempts: 1 });
  client.middlewareStack.add(
    () => () => {
      const text = 'Email address is not verified. The following identities failed the check: ada@example.com';
      return Promise.reject(Object.assign(new Error(text), { name: 'MessageRejected' }));
    },
    { step: 'initialize', priority: 'high' },
  );
  const mailer = new SesMailer(client, 'shop@example.com');

  const error = await mailer.send({ to: 'ada@example.com', subject: 's', text: 't' }).catch((error) => error);

  expect(error).toMatchObject({ name: 'MailNotTaken', message: expect.stringContaining('MessageRejected') });
  expect(JSON.stringify([error.message, error.stack, error.cause ?? ''])).not.toContain('ada@');
});
