import { type Mail, type Mailer, MailNotTaken } from './mailer.ts';

/** A letter box in memory: for tests of notifications without AWS. */
export class InMemoryMailer implements Mailer {
  /** All mails that were taken, in order. */
  readonly sent: Mail[] = [];

  send({ to, subject, text }: Mail): Promise<void> {
    if (!/.@./.test(to)) return Promise.reject(new MailNotTaken('the mail has no address that it could go to'));
    this.sent.push({ to, subject, text });
    return Promise.resolve();
  }
}
