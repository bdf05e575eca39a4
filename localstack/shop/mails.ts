/** A mail that LocalStack kept instead of sending it. */
export interface KeptMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The mails that LocalStack's SES was given. Nothing when it is not LocalStack that answers. */
export async function keptMails(endpoint: string): Promise<readonly KeptMail[]> {
  const answer = await fetch(`${endpoint}/_aws/ses`);
  if (!answer.ok) return [];
  const { messages = [] } = (await answer.json()) as { messages?: readonly Message[] };
  const inOrder = messages.toSorted((one, other) => (one.Timestamp ?? '').localeCompare(other.Timestamp ?? ''));
  return inOrder.map(({ Destination, Subject, Body }) => ({
    to: Destination?.ToAddresses?.join(', ') ?? '',
    subject: Subject ?? '',
    text: Body?.text_part ?? '',
  }));
}

interface Message {
  /** To the second. */
  readonly Timestamp?: string;
  readonly Destination?: { readonly ToAddresses?: readonly string[] };
  readonly Subject?: string;
  readonly Body?: { readonly text_part?: string | null };
}
