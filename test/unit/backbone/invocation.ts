import type { Context } from 'aws-lambda';

/** What Lambda tells a function of its invocation. */
export function invocation(remainingMs = 30_000): Context {
  return {
    awsRequestId: 'request-1',
    functionName: 'toy',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:toy',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/toy',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => remainingMs,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
