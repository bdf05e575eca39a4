import { Duration } from 'aws-cdk-lib';
import type { Retry } from '../backbone/consumer-props.ts';

/** For calls without which an order is given up after 15 minutes: all attempts within ten. See docs/retries.md. */
export const WITHIN_THE_DEADLINE: Retry = { cap: Duration.seconds(30), attempts: 25 };
