import { type SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { wordless } from '../backbone/failure.ts';

/** A mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The port to whoever sends mail. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** SES did not take a mail. Its own words are left out, for they may name the address, and errors are logged. */
export class MailNotTaken extends Error {
  override readonly name = 'MailNotTaken';
}

/** Mail by Amazon SES. It has no idempotency key: a lost answer may mean a second mail. */
export class SesMailer implements Mailer {
  readonly #client: SESClient;
  readonly #from: string;

  constructor(client: SESClient, from: string) {
    this.#client = client;
    this.#from = from;
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    const command = new SendEmailCommand({
      Source: this.#from,
      Destination: { ToAddresses: [to] },
      Message: { Subject: { Data: subject, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } },
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      throw new MailNotTaken(`SES did not take a mail from ${this.#from}: ${reason}`, { cause: wordless(error) });
    }
  }
}
