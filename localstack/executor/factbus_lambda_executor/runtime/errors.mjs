/** An error that the runtime itself reports, under Lambda's name for it. */
export class RuntimeError extends Error {
  constructor(name, message, properties = {}) {
    super(message);
    this.name = `Runtime.${name}`;
    Object.assign(this, properties);
  }
}

/** Anything that was thrown, as Lambda puts it into an invocation's payload. */
export function formatError(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** Anything that was thrown, as Lambda puts it into the log: with all that was hung on it. */
export function describeError(error) {
  const description = error instanceof Error ? error : new Error(String(error));
  try {
    return JSON.stringify(description, (_key, value) =>
      value instanceof Error
        ? { errorType: value.name, errorMessage: value.message, ...value, stack: value.stack?.split('\n') }
        : value,
    );
  } catch {
    return JSON.stringify(formatError(error));
  }
}
