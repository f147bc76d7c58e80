/** Databases are known not to answer at times, as at the start of a browser. Pages do not wait for them any longer. */
const LIMIT_MS = 1000;

/** What a promise resolves to; something else when it rejects, or takes too long. */
export const inTime = async <Result, Otherwise>(
  promise: Promise<Result>,
  otherwise: Otherwise,
): Promise<Result | Otherwise> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<Otherwise>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), LIMIT_MS);
  });
  try {
    return await Promise.race([promise.catch(() => otherwise), limit]);
  } finally {
    clearTimeout(timer);
  }
};
