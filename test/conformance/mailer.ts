import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Mail, Mailer } from '../../functions/notifications/mailer.ts';

/** A mailer together with the letter boxes. */
export interface MailerAndBoxes {
  readonly mailer: Mailer;
  /** What has come to an address, once there are so many. */
  readonly arrived: (address: string, count: number) => Promise<readonly Mail[]>;
}

/**
 * What every mailer must do. Addresses are each test's own, so that many runs can share one service.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function mailerConformance(name: string, create: () => MailerAndBoxes): void {
  describe(`${name} sends mails`, () => mailing(create));
}

const mailTo = (to: string): Mail => ({ to, subject: 'Your order', text: 'Thank you.' });
const address = () => `${randomUUID()}@example.com`;

function mailing(create: () => MailerAndBoxes): void {
  test('a mail arrives as it was written', async () => {
    const { mailer, arrived } = create();
    const mail = { to: address(), subject: 'Zwölf Becher 🪙', text: 'Dear Ann,\n\ntotal: €25.00 <b>"&"</b>\n' };

    await mailer.send(mail);

    expect(await arrived(mail.to, 1)).toEqual([mail]);
  });

  test('each goes to its own address alone', async () => {
    const { mailer, arrived } = create();
    const [ann, bob] = [mailTo(address()), mailTo(address())];

    await mailer.send(ann);
    await mailer.send(bob);

    expect(await arrived(bob.to, 1)).toEqual([bob]);
    expect(await arrived(ann.to, 1)).toEqual([ann]);
  });

  test('the same mail again is another mail: whoever wants one sends one', async () => {
    const { mailer, arrived } = create();
    const mail = mailTo(address());

    await mailer.send(mail);
    await mailer.send(mail);

    expect(await arrived(mail.to, 2)).toEqual([mail, mail]);
  });

  test('one that cannot go is not taken, and the error does not tell to whom it was to go', async () => {
    const { mailer } = create();
    const nowhere = randomUUID();

    const error = await mailer.send(mailTo(nowhere)).catch((error: unknown) => error);

    expect(error).toMatchObject({ name: 'MailNotTaken' });
    expect(inspect(error, { depth: null })).not.toContain(nowhere);
  });
}
