import { LocalAwsError } from '../local-aws-error.ts';
import type { Settings } from '../settings.ts';
import type { Finding } from './endpoint.ts';

/** `AWS_ENDPOINT_URL` leads nowhere. */
export function givenEndpointDoesNotAnswer(endpoint: string, finding: Finding): LocalAwsError {
  return new LocalAwsError(`AWS_ENDPOINT_URL is ${endpoint}, but ${describe(finding)}.`, {
    remedies: ['Start what should answer there, or unset AWS_ENDPOINT_URL to have a local AWS started here.'],
  });
}

/** The port where LocalStack is to listen has another listener. */
export function portTaken(settings: Settings, finding: Finding): LocalAwsError {
  return new LocalAwsError(`Port ${settings.port} is taken by something else: ${describe(finding)}.`, {
    remedies: [
      `See what it is:        lsof -nP -iTCP:${settings.port} -sTCP:LISTEN`,
      `Or use another port:   FACTBUS_LOCAL_PORT=${settings.port === 4599 ? 4600 : 4599} npm run local:up`,
    ],
  });
}

function describe(finding: Finding): string {
  switch (finding.kind) {
    case 'nothing':
      return 'nothing answers there';
    case 'silent':
      return `it takes connections but does not answer (${finding.reason})`;
    case 'foreign':
      return `what answers there is no AWS (${finding.answer})`;
    case 'aws':
    case 'localstack':
      return 'an AWS answers there';
  }
}
