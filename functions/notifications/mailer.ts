import { type SESClient, SendEmailCommand } from '@aws-sdk/client-ses';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The port to whoever sends mail. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
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
    await this.#client.send(
      new SendEmailCommand({
        Source: this.#from,
        Destination: { ToAddresses: [to] },
        Message: { Subject: { Data: subject, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } },
      }),
    );
  }
}
