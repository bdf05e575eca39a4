import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** The one logger of a function: JSON lines, named by POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();

/** The one set of metrics of a function, in the namespace POWERTOOLS_METRICS_NAMESPACE. */
export const metrics = new Metrics();
