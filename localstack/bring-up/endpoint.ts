import http from 'node:http';
import https from 'node:https';

/** What is found at an address. */
export type Finding =
  | { readonly kind: 'localstack'; readonly version: string }
  /** Speaks as AWS does, but is not LocalStack. */
  | { readonly kind: 'aws' }
  | { readonly kind: 'nothing' }
  /** Takes connections and says nothing. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** Something else that speaks HTTP, or no HTTP at all. */
  | { readonly kind: 'foreign'; readonly answer: string };

/** Longer than a busy LocalStack ever took; a free port is told at once. */
const ANSWER_LIMIT_MS = 5_000;

/** Asks what listens at an address; never throws. */
export async function findAt(endpoint: string, limitMs = ANSWER_LIMIT_MS): Promise<Finding> {
  try {
    const health = await ask(`${endpoint}/_localstack/health`, { method: 'GET', limitMs });
    const version = localStackVersion(health);
    if (version !== undefined) return { kind: 'localstack', version };

    // STS answers this without a signature: LocalStack and its like with an identity, AWS with an error of its own kind.
    const identity = await ask(`${endpoint}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
      limitMs,
    });
    if (identity.headers['x-amzn-requestid'] !== undefined || identity.body.includes('sts.amazonaws.com')) {
      return { kind: 'aws' };
    }
    return { kind: 'foreign', answer: `HTTP ${identity.status}` };
  } catch (error) {
    return findingFrom(error);
  }
}

function localStackVersion(answer: Answer): string | undefined {
  if (answer.status !== 200) return undefined;
  try {
    const health: unknown = JSON.parse(answer.body);
    if (typeof health !== 'object' || health === null || !('services' in health)) return undefined;
    return 'version' in health && typeof health.version === 'string' ? health.version : 'unknown';
  } catch {
    return undefined;
  }
}

/** Node's and our own codes of a request that got no answer. */
function findingFrom(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) {
    return { kind: 'nothing' };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return code.startsWith('HPE_') ? { kind: 'foreign', answer: 'no HTTP' } : { kind: 'silent', reason };
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Question {
  readonly method: string;
  readonly limitMs: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** node:http and not fetch, because an answer that is no HTTP shall be told from no answer. */
function ask(url: string, { method, headers = {}, body, limitMs }: Question): Promise<Answer> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(limitMs);
    limit.addEventListener('abort', () => outgoing.destroy(new Error(`no answer within ${limitMs / 1000} s`)));
    // Its own connection: a pool's idle one would keep the process alive.
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
